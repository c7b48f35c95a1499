/** Finds the command that the words of an argument list name. */
import { didYouMean, StackError } from '@stack/core'
import { type CommandNode, isGroup } from './command-node.js'
import { globalOptions } from './global-options.js'

/** A place in the tree of commands, and the arguments left over. */
export interface FoundCommand {
  readonly node: CommandNode
  /** `stack artifact-store register`. */
  readonly words: string
  readonly rest: readonly string[]
}

const withValue = new Set(globalOptions.flatMap(({ name, value }) => (value === undefined ? [] : [`--${name}`])))

/**
 * Walks down the tree by the words of `argv`; global flags may stand between them.
 * @throws StackError `usage` for a word that is no command, with a suggestion.
 */
export function findCommand(argv: readonly string[], root: CommandNode): FoundCommand {
  let node = root
  let words = 'stack'
  const rest: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (!isGroup(node) || word === '--') return { node, words, rest: [...rest, ...argv.slice(index)] }
    if (word.startsWith('-')) {
      rest.push(word)
      const next = argv[index + 1]
      if (withValue.has(word) && next !== undefined) {
        rest.push(next)
        index += 1
      }
      continue
    }
    const child = Object.hasOwn(node.children, word) ? node.children[word] : undefined
    if (child === undefined) {
      const shown = JSON.stringify(word.slice(0, 100))
      throw new StackError(
        'usage',
        `${words} has no command ${shown}.${didYouMean(word, Object.keys(node.children))}`,
        {
          hint: `${words} --help`,
        },
      )
    }
    node = child
    words = `${words} ${word}`
  }
  return { node, words, rest }
}
