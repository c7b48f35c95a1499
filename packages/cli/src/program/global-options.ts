/** The flags that every command takes. */

import type { OptionDefinition } from './argument-definitions.js'
import type { ParsedArguments } from './parsed-arguments.js'
import { hasOption, optionValue } from './parsed-arguments.js'

/** The flags of the program. */
export const globalOptions: readonly OptionDefinition[] = [
  {
    name: 'project',
    value: 'DIR',
    summary: 'The project to work in, in place of the one around the current directory.',
  },
  { name: 'json', summary: 'Print JSON on stdout, errors too.' },
  { name: 'quiet', short: 'q', summary: 'Print names only.' },
  { name: 'debug', summary: 'Show stack traces.' },
  { name: 'no-color', summary: 'Print without colours, as NO_COLOR does.' },
  { name: 'help', short: 'h', summary: 'Show this help.' },
  { name: 'version', short: 'v', summary: 'Show the version.' },
]

/** What the global flags say. */
export interface GlobalFlags {
  readonly project: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly debug: boolean
  readonly color: boolean
  readonly help: boolean
  readonly version: boolean
}

/** Reads the global flags out of parsed arguments. */
export function readGlobalFlags(parsed: ParsedArguments, env: NodeJS.ProcessEnv): GlobalFlags {
  return {
    project: optionValue(parsed, 'project'),
    json: hasOption(parsed, 'json'),
    quiet: hasOption(parsed, 'quiet'),
    debug: hasOption(parsed, 'debug'),
    color: !hasOption(parsed, 'no-color') && (env.NO_COLOR ?? '') === '',
    help: hasOption(parsed, 'help'),
    version: hasOption(parsed, 'version'),
  }
}
