/** Settings of several places as one. */
import type { SettingsByKey } from '@stack/core'

/** Merges settings from weak to strong, field by field below each key. */
export function mergeSettings(...layers: readonly (SettingsByKey | undefined)[]): SettingsByKey {
  const merged: Record<string, SettingsByKey[string]> = {}
  for (const layer of layers) {
    for (const [key, fields] of Object.entries(layer ?? {})) merged[key] = { ...merged[key], ...fields }
  }
  return merged
}
