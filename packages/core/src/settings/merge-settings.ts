/** Merges the settings of components with what a run says: schema default < component < run. */
import { type ComponentType, componentTypes, isComponentType } from '../component/component-type.js'
import type { JsonValue } from '../component/metadata.js'
import type { Problem } from '../errors/problem.js'
import { didYouMean } from '../errors/suggestions.js'
import type { SettingsByKey } from '../orchestrator/run-plan.js'
import type { ConfigValues } from '../ports/record-store.js'

/** A component as settings see it. */
export interface SettingsTarget {
  readonly type: ComponentType
  readonly name: string
  readonly flavor: string
  readonly settings: ConfigValues
}

/** The merged settings, in the order of the components, and what was wrong with the keys. */
export interface MergedSettings {
  readonly settings: readonly ConfigValues[]
  readonly problems: readonly Problem[]
  /** Keys that are right and concern nothing in this stack. */
  readonly ignored: readonly Problem[]
}

/**
 * Lays a run's settings over those of components: those for a type, then for its flavor (`type.flavor`), then for one
 * component (`type:component`). Schema defaults are filled in when the result is parsed.
 */
export function mergeSettings(targets: readonly SettingsTarget[], overrides: SettingsByKey = {}): MergedSettings {
  const problems: Problem[] = []
  const ignored: Problem[] = []
  for (const key of Object.keys(overrides)) {
    const finding = keyFinding(key, targets)
    if (finding?.kind === 'unknown') problems.push({ path: key, message: finding.message })
    if (finding?.kind === 'ignored') ignored.push({ path: key, message: finding.message })
  }
  const settings = targets.map(({ type, name, flavor, settings: own }) =>
    [type, `${type}.${flavor}`, `${type}:${name}`].reduce(
      (merged, key) => (Object.hasOwn(overrides, key) ? mergeValues(merged, overrides[key] ?? {}) : merged),
      own,
    ),
  )
  return { settings, problems, ignored }
}

/** Objects are merged key by key; any other value takes the place of the weaker one. */
export function mergeValues(weaker: ConfigValues, stronger: ConfigValues): ConfigValues {
  const entries = new Map<string, JsonValue>(Object.entries(weaker))
  for (const [key, value] of Object.entries(stronger)) {
    const under = entries.get(key)
    entries.set(key, isObject(under) && isObject(value) ? mergeValues(under, value) : value)
  }
  return Object.fromEntries(entries)
}

function keyFinding(
  key: string,
  targets: readonly SettingsTarget[],
): { readonly kind: 'unknown' | 'ignored'; readonly message: string } | undefined {
  const [type = '', separator = '', rest = ''] = key.split(/([.:])(.*)/s)
  if (!isComponentType(type)) {
    return {
      kind: 'unknown',
      message: `is no settings key: "${type.slice(0, 100)}" is not a component type.${didYouMean(type, componentTypes)}`,
    }
  }
  const ofType = targets.filter((target) => target.type === type)
  if (separator === '') {
    return ofType.length > 0 ? undefined : { kind: 'ignored', message: `concerns nothing: the stack has no ${type}` }
  }
  const names = ofType.map((target) => (separator === '.' ? target.flavor : target.name))
  if (names.includes(rest)) return undefined
  const what = separator === '.' ? `${type} of the flavor` : type
  return {
    kind: 'ignored',
    message: `concerns nothing: the stack has no ${what} "${rest.slice(0, 100)}".${didYouMean(rest, names)}`,
  }
}

function isObject(value: JsonValue | undefined): value is ConfigValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
