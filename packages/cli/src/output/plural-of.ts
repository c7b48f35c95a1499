/** Component types in the plural. */
import type { ComponentType } from '@stack/core'

/** The plural of a component type in words. */
export function pluralOf(type: ComponentType): string {
  const noun = type.replaceAll('-', ' ')
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}
