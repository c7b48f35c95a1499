/** Takes values out of a component's config or settings by their paths. */
import { type ConfigValues, didYouMean, type JsonValue, type Problem } from '@stack/core'

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
