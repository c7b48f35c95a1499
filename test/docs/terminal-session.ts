/**
 * One bash on a terminal for the commands of a block: `cd`, variables and `$?` go from one to the next, tables and progress
 * are what a person sees. `script` gives the terminal, a headless xterm reads the screen.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import xterm from '@xterm/headless'
import { runProgram } from '../run-program.js'

export interface Printed {
  readonly exitCode: number
  /** What stands on the screen: standard output and standard error, as they came. */
  readonly lines: readonly string[]
}

const columns = 120
/** A line of its own after each command, with its exit code. */
const statusLine = /^::exit code (\d+)::$/

/** Runs the commands in order, each whatever the one before ended with; gives what each left on the screen. */
export async function runCommands(
  commands: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<readonly Printed[]> {
  const script = commands.flatMap((command) => [
    '(exit $status)',
    command,
    'status=$?',
    "printf '\\n::exit code %d::\\n' $status",
  ])
  const lines = await runOnTerminal([`stty rows 50 cols ${columns}`, 'exec </dev/null', 'status=0', ...script], options)
  const printed: Printed[] = []
  let start = 0
  for (const [index, line] of lines.entries()) {
    const exitCode = statusLine.exec(line)?.[1]
    if (exitCode === undefined) continue
    printed.push({ exitCode: Number(exitCode), lines: lines.slice(start, index) })
    start = index + 1
  }
  if (printed.length === commands.length) return printed
  throw new Error(`bash ended before \`${commands[printed.length]}\` did:\n${lines.join('\n')}`)
}

/** The lines of the screen, with what scrolled away, after bash has run the script. */
async function runOnTerminal(
  script: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'stack-script-'))
  try {
    const file = join(directory, 'commands.sh')
    await writeFile(file, script.join('\n'))
    // util-linux takes a command line, BSD's `script` of macOS takes words.
    const argv = platform() === 'linux' ? ['-qec', `bash ${file}`, '/dev/null'] : ['-q', '/dev/null', 'bash', file]
    const { stdout } = await runProgram('script', argv, { ...options, timeout: 180_000 })
    return await readScreen(stdout)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function readScreen(output: string): Promise<readonly string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 50, scrollback: 10_000, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const { buffer } = terminal
  const lines: string[] = []
  for (let index = 0; index < buffer.active.length; index += 1) {
    const row = buffer.active.getLine(index)
    const goesOn = buffer.active.getLine(index + 1)?.isWrapped === true
    const text = row?.translateToString(!goesOn) ?? ''
    if (row?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`)
    else lines.push(text)
  }
  terminal.dispose()
  return lines
}
