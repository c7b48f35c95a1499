/** Changes of a component's config and settings: merging, and taking out by path. */
import { type ConfigValues, didYouMean, type JsonValue, type Problem } from '@stack/core'

/** Lays changes over values; objects merge key by key, everything else is replaced. */
export function mergeValues(values: ConfigValues, changes: ConfigValues): ConfigValues {
  const merged = new Map(Object.entries(values))
  for (const [key, change] of Object.entries(changes)) {
    const value = merged.get(key)
    merged.set(key, isObject(value) && isObject(change) ? mergeValues(value, change) : change)
  }
  return Object.fromEntries(merged)
}

/** Takes the values at dotted paths out; a path at which nothing is set is a problem, with a suggestion. */
export function removeValues(
  values: ConfigValues,
  paths: readonly string[],
): { readonly values: ConfigValues; readonly problems: readonly Problem[] } {
  const known = pathsOf(values)
  const problems = paths
    .filter((path) => !known.includes(path))
    .map((path) => ({ path, message: `is not set.${didYouMean(path, known)}` }))
  return { values: problems.length > 0 ? values : without(values, paths, ''), problems }
}

function without(values: ConfigValues, paths: readonly string[], prefix: string): ConfigValues {
  const kept = Object.entries(values)
    .filter(([key]) => !paths.includes(prefix + key))
    .map(([key, value]) => [key, isObject(value) ? without(value, paths, `${prefix}${key}.`) : value] as const)
  return Object.fromEntries(kept)
}

function pathsOf(values: ConfigValues, prefix = ''): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => [
    prefix + key,
    ...(isObject(value) ? pathsOf(value, `${prefix}${key}.`) : []),
  ])
}

function isObject(value: JsonValue | undefined): value is ConfigValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
