/** The way of a command: arguments, one file of `commands/`, plain data, output. */
import { errorExitCodes, StackError } from '@stack/core'
import { sanitizeLine, type Warning } from '@stack/core/host'
import { keepStdoutForData, readTerminal, type Terminal, write } from '../output/terminal.js'
import type { BytesView } from '../output/view.js'
import type { ArgumentDefinition } from './argument-definitions.js'
import type { CommandDefinition, CommandResult } from './command.js'
import type { CommandContext } from './command-context.js'
import { isGroup } from './command-node.js'
import { commandTree } from './command-tree.js'
import { findCommand } from './find-command.js'
import { type GlobalFlags, globalOptions, readGlobalFlags } from './global-options.js'
import { parseArguments } from './parse-arguments.js'
import { toShownError } from './shown-error.js'

/** Runs the program and ends the process with the exit code of what happened. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const warnings: Warning[] = []
  const ends: (() => unknown)[] = []
  let flags = plainFlags(argv)
  let exitCode: number
  process.on('uncaughtException', (error) => endByException(error, () => reportError(error, flags, warnings)))
  // The program always ends by itself: an event loop with nothing left in it means that an answer never comes.
  process.once('beforeExit', () => {
    const error = new StackError('unexpected', 'The command waits for something that can no longer happen.')
    void reportError(error, flags, warnings).then((code) => process.exit(code))
  })
  try {
    flags = readGlobalFlags(
      parseArguments(argv, { words: 'stack', options: globalOptions, lenient: true }),
      process.env,
    )
    const result = await dispatch(argv, flags, { warnings, ends })
    exitCode = result === undefined ? 0 : await printResult(result, flags, warnings)
  } catch (error) {
    exitCode = await reportError(error, flags, warnings)
  }
  for (const end of ends.reverse()) await end()
  process.exit(exitCode)
}

let ending = false

/** Reports what nobody caught as any other error, in place of Node, which would print it as it is. */
function endByException(error: unknown, print: () => Promise<number>): void {
  // Whoever else listens decides what becomes of it.
  if (process.listenerCount('uncaughtException') > 1) return
  if (ending) process.exit(errorExitCodes[toShownError(error).code])
  ending = true
  void print().then((code) => process.exit(code))
}

/** Ends the process with an error from before there was a command. */
export async function refuseToRun(argv: readonly string[], error: unknown): Promise<void> {
  process.exit(await reportError(error, plainFlags(argv), []))
}

/** The flags that an error needs, before they are read as they should be. */
function plainFlags(argv: readonly string[]): GlobalFlags {
  const options = new Map(
    globalOptions.filter(({ name }) => argv.includes(`--${name}`)).map(({ name }) => [name, ['']]),
  )
  return readGlobalFlags({ operands: [], options, fields: [] }, process.env)
}

interface Collected {
  readonly warnings: Warning[]
  readonly ends: (() => unknown)[]
}

async function dispatch(
  argv: readonly string[],
  flags: GlobalFlags,
  collected: Collected,
): Promise<CommandResult | undefined> {
  const { node, words, rest } = findCommand(argv, commandTree)
  if (flags.version && node === commandTree) return (await import('../commands/version.js')).versionResult()
  if (isGroup(node)) {
    if (!flags.help) parseArguments(rest, { words, options: globalOptions })
    const { showGroupHelp } = await import('./show-help.js')
    await showGroupHelp(node, words, flags)
    return undefined
  }
  const definition = await node.load()
  const context = await makeContext(words, flags, collected)
  keepStdoutForData()
  const options = [...(definition.options ?? []), ...globalOptions]
  const first = parseArguments(rest, { words, options, lenient: true })
  if (flags.help) {
    const { showCommandHelp } = await import('./show-help.js')
    await showCommandHelp(node, definition, { words, context, first })
    return undefined
  }
  const fields = await definition.fields?.(first, context)
  const parsed = parseArguments(rest, { words, options, ...(fields === undefined ? {} : { fields }) })
  checkOperands(parsed.operands, definition, words)
  return definition.run({ ...parsed, ...(fields === undefined ? {} : { fieldFlags: fields }) }, context)
}

async function makeContext(words: string, flags: GlobalFlags, { warnings, ends }: Collected): Promise<CommandContext> {
  const terminal = readTerminal({ color: flags.color, env: process.env })
  const context: CommandContext = {
    words,
    flags,
    cwd: process.cwd(),
    env: process.env,
    terminal,
    warn: (warning) => void warnings.push(warning),
    onEnd: (end) => void ends.push(end),
    project: (access) => import('./open-project.js').then(({ projectOf }) => projectOf(context, access)),
  }
  return context
}

function checkOperands(operands: readonly string[], definition: CommandDefinition, words: string): void {
  const expected: readonly ArgumentDefinition[] = definition.arguments ?? []
  const missing = expected.slice(operands.length).find((each) => each.optional !== true)
  if (missing !== undefined) {
    throw new StackError('usage', `${words} needs ${missing.name}: ${missing.summary}`, { hint: `${words} --help` })
  }
  if (operands.length > expected.length && expected.at(-1)?.repeated !== true) {
    const extra = JSON.stringify((operands[expected.length] ?? '').slice(0, 100))
    throw new StackError('usage', `${words} does not take ${extra}.`, { hint: `${words} --help` })
  }
}

async function printResult(result: CommandResult, flags: GlobalFlags, warnings: readonly Warning[]): Promise<number> {
  const terminal = readTerminal({ color: flags.color, env: process.env })
  const exitCode = result.exitCode ?? 0
  if (result.view?.kind === 'bytes' && !flags.json) {
    await writeBytes(result.view, terminal)
    return exitCode
  }
  if (flags.json) {
    const { renderData } = await import('../output/render-json.js')
    await write(process.stdout, renderData(result.data, warnings))
    return exitCode
  }
  const { renderErrorText, renderWarning } = await import('../output/render-error.js')
  const { renderView, renderNames } = await import('../output/render-view.js')
  for (const warning of warnings) await write(process.stderr, renderWarning(warning, terminal))
  if (flags.quiet) await write(process.stdout, renderNames(result.names))
  else if (result.view !== undefined && result.view.kind !== 'bytes') {
    await write(process.stdout, await renderView(result.view, terminal))
  }
  if (result.message !== undefined && !flags.quiet) {
    await write(process.stderr, `${sanitizeLine(result.message)}\n`)
  }
  if (result.error !== undefined) {
    await write(process.stderr, renderErrorText(toShownError(result.error), terminal, flags))
  }
  return exitCode
}

async function writeBytes({ chunks, isText }: BytesView, terminal: Terminal): Promise<void> {
  let last: number | undefined
  for await (const chunk of chunks) {
    await write(process.stdout, chunk)
    last = chunk.at(-1) ?? last
  }
  if (isText && terminal.stdoutIsTerminal && last !== undefined && last !== lineFeed) await write(process.stdout, '\n')
}

const lineFeed = 0x0a

/** Prints an error and returns its exit code; where it cannot be printed, the code of what keeps it from being so. */
async function reportError(error: unknown, flags: GlobalFlags, warnings: readonly Warning[]): Promise<number> {
  try {
    return await printError(error, flags, warnings)
  } catch (failure) {
    return errorExitCodes[toShownError(failure).code]
  }
}

async function printError(thrown: unknown, flags: GlobalFlags, warnings: readonly Warning[]): Promise<number> {
  const error = toShownError(thrown)
  if (flags.json) {
    const { renderError } = await import('../output/render-json.js')
    await write(process.stdout, renderError(error, warnings, flags))
  } else {
    const terminal = readTerminal({ color: flags.color, env: process.env })
    const { renderErrorText, renderWarning } = await import('../output/render-error.js')
    for (const warning of warnings) await write(process.stderr, renderWarning(warning, terminal))
    await write(process.stderr, renderErrorText(error, terminal, flags))
  }
  return errorExitCodes[error.code]
}
