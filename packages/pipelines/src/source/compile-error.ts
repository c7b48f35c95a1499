/** What the bundler says of sources that do not compile, as a source error. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isStackError, type Problem, StackError } from '@stack/core'
import { fromFileError } from '@stack/core/host'
import type { RolldownLog } from 'rolldown'
import { importHint } from './import-hint.js'
import { displayPosition, type SourcePosition } from './source-position.js'

/** The project whose errors are reported. */
export interface CompileErrorOptions {
  readonly projectRoot: string
  /** The patterns of `paths` in the tsconfig. */
  readonly aliases: readonly string[]
}

/** Turns a failed build into `source-error`; what failed beneath it, as too many open files, keeps its code. */
export function toCompileError(error: unknown, options: CompileErrorOptions): unknown {
  const { errors = [] } = (error ?? {}) as { readonly errors?: readonly RolldownLog[] }
  for (const beneath of [error, ...errors.map(ownError)]) {
    if (isStackError(beneath)) return beneath
    if (isSystemError(beneath)) return fromFileError(beneath, options.projectRoot)
  }
  return errors.length === 0 ? error : compileError(errors, options)
}

/** What a plugin threw, with the code that it had: the bundler puts its own in the place of that. */
function ownError(error: RolldownLog): unknown {
  return error.pluginCode === undefined ? error : Object.assign(error, { code: error.pluginCode })
}

/** Whether the machine has no more of something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const code = (error as Partial<NodeJS.ErrnoException> | null | undefined)?.code
  return ['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT'].includes(String(code))
}

/**
 * Returns `source-error` for at least one message: the first with its place, every one as a problem. `details` has the `location` and the
 * `frame`, which shows the line and the place in it.
 */
export function compileError(messages: readonly RolldownLog[], options: CompileErrorOptions): StackError {
  const { projectRoot } = options
  const problems = messages.map((message) => toProblem(message, projectRoot))
  const [first] = messages
  const position = first && positionOf(first)
  const what = problems[0]?.path || 'The source'
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : ''
  return new StackError('source-error', `${what} does not compile: ${problems[0]?.message}${more}`, {
    hint: first === undefined ? undefined : hintFor(first, options),
    problems,
    details: position === undefined ? {} : { location: position, frame: frameOf(position) },
  })
}

function toProblem(message: RolldownLog, projectRoot: string): Problem {
  const position = positionOf(message)
  return { path: position === undefined ? '' : displayPosition(position, projectRoot), message: reasonOf(message) }
}

/** The bundler counts columns from 0. */
function positionOf({ loc, id }: RolldownLog): SourcePosition | undefined {
  const file = loc?.file ?? id
  return loc === undefined || file === undefined ? undefined : { file, line: loc.line, column: loc.column + 1 }
}

/** The first line of a message, without the code in front of it. */
function reasonOf(message: RolldownLog): string {
  if (message.code === 'UNRESOLVED_IMPORT') return `could not resolve "${message.exporter}"`
  const [line = ''] = message.message.replace(/^\[[A-Z_]+\] /, '').split('\n')
  return /^[A-Z][a-z]/.test(line) ? line.charAt(0).toLowerCase() + line.slice(1) : line
}

/** The line and a mark below the place; tabs as spaces, so that the mark stands below it anywhere. */
function frameOf({ file, line, column }: SourcePosition): string {
  const text = (readFileSync(file, 'utf8').split(/\r?\n/)[line - 1] ?? '').slice(0, 200)
  const before = expandTabs(text.slice(0, column - 1))
  const number = String(line)
  return `${number} │ ${expandTabs(text)}\n${' '.repeat(number.length)} │ ${' '.repeat(before.length)}^`
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', '  ')
}

function hintFor(message: RolldownLog, options: CompileErrorOptions): string {
  const file = positionOf(message)?.file
  if (message.code !== 'UNRESOLVED_IMPORT' || message.exporter === undefined || file === undefined) {
    return 'Correct the file and try again.'
  }
  return importHint({ specifier: message.exporter, from: dirname(file), ...options })
}
