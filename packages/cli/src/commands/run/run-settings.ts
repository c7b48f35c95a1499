/** Settings as flags give them, keyed as runs take them. */
import type { SettingsByKey, StackDefinition } from '@stack/core'
import type { GivenValues } from '../../flags/collect-fields.js'
import { isJsonObject } from '../../flags/json-object.js'

/** Makes `{ orchestrator: { local: { … } } }` the key `orchestrator.local` where `local` is a flavor of the stack. */
export function foldSettings(given: GivenValues, { components }: StackDefinition): SettingsByKey {
  const settings: { [key: string]: GivenValues } = {}
  for (const [key, values] of Object.entries(given)) {
    if (!isJsonObject(values)) continue
    const flavors = components.filter(({ type }) => type === key).map(({ flavor }) => flavor)
    for (const [name, value] of Object.entries(values)) {
      if (flavors.includes(name) && isJsonObject(value))
        settings[`${key}.${name}`] = { ...settings[`${key}.${name}`], ...value }
      else settings[key] = { ...settings[key], [name]: value }
    }
  }
  return settings
}
