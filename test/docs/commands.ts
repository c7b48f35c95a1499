/** The commands of a block: `sh` is commands only, `console` shows what each prints after its `$ ` line. */
import type { CodeBlock } from './code-blocks.js'

export interface Command {
  /** As bash reads it; may have several lines. */
  readonly text: string
  /** What the block shows that it prints; null where it shows nothing. */
  readonly output: readonly string[] | null
}

/** Reads the commands of an `sh` or a `console` block. */
export function readCommands(block: CodeBlock): readonly Command[] {
  return block.language === 'console' ? readConsole(block) : readShell(block.content.split('\n'))
}

/** Comments and empty lines separate commands; a line that ends in a backslash or opens a here-document goes on. */
function readShell(lines: readonly string[]): readonly Command[] {
  const commands: Command[] = []
  for (let index = 0; index < lines.length; index += 1) {
    if (/^\s*(#|$)/.test(lines[index] ?? '')) continue
    const end = lastLine(lines, index)
    commands.push({ text: lines.slice(index, end + 1).join('\n'), output: null })
    index = end
  }
  return commands
}

function readConsole({ content, line }: CodeBlock): readonly Command[] {
  const lines = content.split('\n')
  const commands: Command[] = []
  for (let index = 0; index < lines.length; ) {
    if (!lines[index]?.startsWith('$ ')) throw new Error(`line ${line + 1 + index} shows output before any command`)
    const typed = lines.map((text) => text.replace(/^[$>] /, ''))
    const end = lastLine(typed, index)
    const next = lines.findIndex((text, at) => at > end && text.startsWith('$ '))
    const output = lines.slice(end + 1, next === -1 ? lines.length : next)
    commands.push({ text: typed.slice(index, end + 1).join('\n'), output })
    index = next === -1 ? lines.length : next
  }
  return commands
}

/** Where the command that begins at `start` ends. */
function lastLine(lines: readonly string[], start: number): number {
  const terminator = /<<-?\s*['"]?(?<word>\w+)['"]?/.exec(lines[start] ?? '')?.groups?.word
  if (terminator !== undefined) return lines.findIndex((text, at) => at > start && text.trim() === terminator)
  let end = start
  while (lines[end]?.endsWith('\\') === true) end += 1
  return end
}
