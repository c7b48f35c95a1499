/** Takes values out of a component's config or settings by their paths. */
import { type ConfigValues, didYouMean, type JsonValue, type Problem } from '@stack/core'

/**
 * Takes the values at dotted paths out, written as the config has them or in kebab-case; a path at which nothing is set is
 * a problem, with a suggestion.
 */
export function removeValues(
  values: ConfigValues,
  paths: readonly string[],
): { readonly values: ConfigValues; readonly problems: readonly Problem[] } {
  const known = pathsOf(values)
  const found = paths.map((path) => (known.includes(path) ? path : known.find((set) => kebabCase(set) === path)))
  const problems = paths
    .filter((_, index) => found[index] === undefined)
    .map((path) => ({ path, message: `is not set.${didYouMean(path, known)}` }))
  return { values: problems.length > 0 ? values : without(values, new Set(found), ''), problems }
}

function without(values: ConfigValues, paths: ReadonlySet<string | undefined>, prefix: string): ConfigValues {
  const kept = Object.entries(values)
    .filter(([key]) => !paths.has(prefix + key))
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

function kebabCase(path: string): string {
  return path
    .replaceAll('_', '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
}
