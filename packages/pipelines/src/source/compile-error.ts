/** What esbuild says of sources that do not compile, told as a source error. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isStackError, type Problem, StackError } from '@stack/core'
import { fromFileError } from '@stack/core/host'
import type { BuildFailure, Message } from 'esbuild'
import { locationShift } from './module-location.js'
import { displayPosition, type SourcePosition } from './source-position.js'

/**
 * Turns a failed build into `source-error`: the first error with its place, every error as a problem. `details` has the
 * `location` and the `frame`, which shows the line and the place in it.
 */
export function toCompileError(error: unknown, projectRoot: string): unknown {
  const messages = (error as Partial<BuildFailure> | null)?.errors
  const [first] = messages ?? []
  const beneath = isSystemError(error) ? error : messages?.map(({ detail }) => detail as unknown).find(isBeneath)
  if (beneath !== undefined) return fromFileError(beneath, projectRoot)
  if (messages === undefined || first === undefined) return error
  const position = messagePosition(first, projectRoot)
  const what = position === undefined ? 'The source' : displayPosition(position, projectRoot)
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : ''
  return new StackError('source-error', `${what} does not compile: ${decapitalise(first.text)}${more}`, {
    hint: hintFor(first),
    problems: messages.map((message) => toProblem(message, projectRoot)),
    details: position === undefined ? {} : { location: position, frame: frameOf(first, position) },
  })
}

/** Whether a plugin failed for a reason that is none of the source's. */
function isBeneath(detail: unknown): boolean {
  return isStackError(detail) || isSystemError(detail)
}

/** Whether the machine has no more of something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const code = (error as Partial<NodeJS.ErrnoException> | null | undefined)?.code
  return ['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT'].includes(String(code))
}

function toProblem(message: Message, projectRoot: string): Problem {
  const position = messagePosition(message, projectRoot)
  return {
    path: position === undefined ? '' : displayPosition(position, projectRoot),
    message: decapitalise(message.text),
  }
}

function messagePosition({ location }: Message, projectRoot: string): SourcePosition | undefined {
  if (location === null) return undefined
  const file = resolve(projectRoot, location.file)
  // esbuild counts bytes from 0.
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString('utf8').length
  return { file, line: location.line, column: Math.max(0, column - shiftOf(file, location.line)) + 1 }
}

/** How far the code of a line was moved. */
function shiftOf(file: string, line: number): number {
  const shift = locationShift(file, readFileSync(file, 'utf8'))
  return shift?.line === line ? shift.length : 0
}

/** The line and a mark below the place; tabs as spaces, so that the mark stands below it anywhere. */
function frameOf({ location }: Message, { file, line, column }: SourcePosition): string {
  const text = (location?.lineText ?? '').slice(shiftOf(file, line)).slice(0, 200)
  const before = expandTabs(text.slice(0, column - 1))
  const number = String(line)
  return `${number} │ ${expandTabs(text)}\n${' '.repeat(number.length)} │ ${' '.repeat(before.length)}^`
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', '  ')
}

function hintFor({ text }: Message): string {
  const specifier = /^Could not resolve "(.+)"$/.exec(text)?.[1]
  if (specifier === undefined) return 'Correct the file and try again.'
  if (/^[./]/.test(specifier)) return 'Check the path of the import.'
  return `npm install ${specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')}`
}

function decapitalise(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
