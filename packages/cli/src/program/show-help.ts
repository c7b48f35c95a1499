/** The help of a noun and of a command. */
import { argumentsSection, type HelpSection, optionsSection, renderHelp, usageOf } from '../output/help.js'
import { write } from '../output/terminal.js'
import type { CommandDefinition } from './command.js'
import type { CommandContext } from './command-context.js'
import { type CommandEntry, type CommandGroup, isGroup } from './command-node.js'
import { commandTree } from './command-tree.js'
import { type GlobalFlags, globalOptions } from './global-options.js'
import type { ParsedArguments } from './parsed-arguments.js'

/** Prints the commands of a noun; with `--json` as data. */
export async function showGroupHelp(group: CommandGroup, words: string, flags: GlobalFlags): Promise<void> {
  const children = Object.entries(group.children).filter(([, node]) => isGroup(node) || node.hidden !== true)
  const isRoot = group === commandTree
  const sections: HelpSection[] = [
    {
      title: 'Commands',
      rows: children.filter(([, node]) => !isGroup(node)).map(([name, node]) => [name, node.summary]),
    },
    { title: 'Nouns', rows: children.filter(([, node]) => isGroup(node)).map(([name, node]) => [name, node.summary]) },
    ...(isRoot ? [optionsSection('Flags of every command', globalOptions)] : []),
  ]
  await print({ usage: `${words} <command> [flags]`, summary: group.summary, sections }, flags)
}

/** Prints what a command takes, with the fields of the flavor or pipeline that its arguments name. */
export async function showCommandHelp(
  entry: CommandEntry,
  definition: CommandDefinition,
  call: { readonly words: string; readonly context: CommandContext; readonly first: ParsedArguments },
): Promise<void> {
  const operands = definition.arguments ?? []
  const fields = await definition.fields?.(call.first, call.context)
  const sections = [
    argumentsSection(operands),
    optionsSection('Flags', definition.options ?? []),
    ...(fields?.sections() ?? []),
    optionsSection('Flags of every command', globalOptions),
  ]
  await print({ usage: usageOf(call.words, operands), summary: entry.summary, sections }, call.context.flags)
}

async function print(page: Parameters<typeof renderHelp>[0], flags: GlobalFlags): Promise<void> {
  if (!flags.json) return write(process.stdout, renderHelp(page, process.stdout.columns ?? 100))
  const { renderData } = await import('../output/render-json.js')
  return write(process.stdout, renderData(page, []))
}
