/** Tells JSON objects from other JSON values. */
import type { ConfigValues } from '@stack/core'

/** Whether a value is an object, neither null nor an array. */
export function isJsonObject(value: unknown): value is ConfigValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
