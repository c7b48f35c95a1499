/** Places in the tree of commands. */
import type { CommandDefinition } from './command.js'

/** A command that is loaded when it is run or its help is shown. */
export interface CommandEntry {
  readonly summary: string
  /** Left out of help: for the completion script. */
  readonly hidden?: boolean
  readonly load: () => Promise<CommandDefinition>
}

/** A noun with its verbs. */
export interface CommandGroup {
  readonly summary: string
  readonly children: Readonly<Record<string, CommandNode>>
}

/** A place in the tree. */
export type CommandNode = CommandEntry | CommandGroup

/** Tells a noun from a command. */
export function isGroup(node: CommandNode): node is CommandGroup {
  return 'children' in node
}
