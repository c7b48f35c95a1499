/** The flags by which a stack's components are named: one for each component type. */
import { type ComponentType, componentTypes } from '@stack/core'
import type { OptionDefinition } from '../../program/argument-definitions.js'
import type { ParsedArguments } from '../../program/parsed-arguments.js'

/** Names of components by type, as given. */
export type NamedComponents = { [T in ComponentType]?: readonly string[] }

/** `--artifact-store NAME` and the like. */
export const componentOptions: readonly OptionDefinition[] = componentTypes.map((type) => ({
  name: type,
  value: 'NAME',
  summary: `The ${type.replaceAll('-', ' ')}${type === 'orchestrator' || type === 'artifact-store' ? '' : '; may be repeated, the first is the default'}.`,
}))

/** The components that the flags name; a value may hold several names between commas. */
export function namedComponents(parsed: ParsedArguments): NamedComponents {
  const components: NamedComponents = {}
  for (const type of componentTypes) {
    const names = (parsed.options.get(type) ?? []).flatMap((value) => value.split(',')).filter((name) => name !== '')
    if (names.length > 0) components[type] = names
  }
  return components
}

/** The stack to use in place of the active one. */
export const stackOption: OptionDefinition = {
  name: 'stack',
  value: 'NAME',
  summary: 'The stack to use in place of the active one.',
}
