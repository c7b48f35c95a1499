/** The flags that commands about a component share. */
import type { OptionDefinition } from '../../program/argument-definitions.js'
import { globalOptions } from '../../program/global-options.js'

/** The file of a whole config. */
export const configOption: OptionDefinition = {
  name: 'config',
  value: 'FILE',
  summary: 'A JSON or YAML file of fields; single flags win over it.',
}

/** Agreement in advance. */
export const yesOption: OptionDefinition = { name: 'yes', short: 'y', summary: 'Do not ask.' }

/** Names that a flavor's field does not get: those of the program's own flags. */
export function reservedNames(options: readonly OptionDefinition[]): readonly string[] {
  return [...options, ...globalOptions].map(({ name }) => name)
}
