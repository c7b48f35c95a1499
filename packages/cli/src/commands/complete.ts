/** `stack complete -- WORD…`, which the completion script calls: what may follow the words given, one a line. */
import { type ComponentType, isComponentType } from '@stack/core'
import type { Project } from '@stack/project'
import type { CommandDefinition, CommandResult } from '../program/command.js'
import type { CommandContext } from '../program/command-context.js'
import { type CommandNode, isGroup } from '../program/command-node.js'
import { findCommand } from '../program/find-command.js'
import { globalOptions } from '../program/global-options.js'

const namesAStack = new Set(['describe', 'set', 'update', 'remove-component', 'rename', 'copy', 'delete', 'validate'])

/** Lists candidates of a tree of commands: verbs of a noun, flags of a command, names of components, stacks and flavors. */
export function completeIn(tree: CommandNode): CommandDefinition {
  return {
    arguments: [{ name: 'WORD', summary: 'the words so far', optional: true, repeated: true }],
    async run(parsed, context) {
      const { node, words, rest } = findCommand(parsed.operands, tree)
      if (isGroup(node)) {
        const children = Object.entries(node.children).filter(([, child]) => isGroup(child) || child.hidden !== true)
        return lines(children.map(([name]) => name))
      }
      const definition = await node.load()
      const flags = [...(definition.options ?? []), ...globalOptions].map(({ name }) => `--${name}`)
      return lines([...flags, ...(await recordNames(words.split(' ').slice(1), rest, context))])
    },
  }
}

async function recordNames(
  words: readonly string[],
  rest: readonly string[],
  context: CommandContext,
): Promise<readonly string[]> {
  const last = rest.at(-1) ?? ''
  const [noun = '', verb = '', third = ''] = words
  const project = await context.project()
  const flag = last.replace(/^--/, '')
  if (isComponentType(noun)) {
    if (flag === 'flavor' || (verb === 'flavor' && ['describe', 'delete'].includes(third))) {
      return project.registry.rows(noun).map(({ name }) => name)
    }
    const takesName = verb !== 'register' && verb !== 'flavor' && verb !== 'list'
    return takesName ? componentNames(noun, project) : []
  }
  if (last.startsWith('--') && isComponentType(flag)) return componentNames(flag, project)
  const stackVerb = noun === 'stack' ? verb : noun
  if (flag === 'stack' || namesAStack.has(stackVerb))
    return (await project.records.listStacks()).map(({ name }) => name)
  return []
}

/** The names alone: whether a component fits its flavor takes time, and nobody who presses a key waits for it. */
async function componentNames(type: ComponentType, { records }: Project): Promise<readonly string[]> {
  return (await records.listComponents(type)).map(({ name }) => name)
}

function lines(names: readonly string[]): CommandResult {
  return { data: names, names, view: { kind: 'text', text: names.join('\n') } }
}
