/** What esbuild says of sources that do not compile, told as a source error. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Problem, StackError } from '@stack/core'
import type { BuildFailure, Message } from 'esbuild'
import { locationShift } from './module-location.js'
import { displayPosition, type SourcePosition } from './source-position.js'

/** Turns a failed build into `source-error`: the first error with its place and its line, every error as a problem. */
export function toCompileError(error: unknown, projectRoot: string): unknown {
  const messages = (error as Partial<BuildFailure> | null)?.errors
  const [first] = messages ?? []
  if (messages === undefined || first === undefined) return error
  const position = messagePosition(first, projectRoot)
  const text = decapitalise(first.text)
  const at = position === undefined ? '' : `${displayPosition(position, projectRoot)}: `
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : ''
  const hint = hintFor(first)
  return new StackError('source-error', `${at}${text}${more}${frame(first, position)}`, {
    ...(hint === undefined ? {} : { hint }),
    problems: messages.map((message) => toProblem(message, projectRoot)),
    details: position === undefined ? {} : { location: position },
  })
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

/** The line and a mark below the place. */
function frame({ location }: Message, position: SourcePosition | undefined): string {
  if (location === null || position === undefined) return ''
  const line = location.lineText.slice(shiftOf(position.file, location.line)).slice(0, 200)
  const number = String(position.line)
  const mark = line.slice(0, position.column - 1).replace(/[^\t]/g, ' ')
  return `\n\n  ${number} │ ${line}\n  ${' '.repeat(number.length)} │ ${mark}^`
}

function hintFor({ text }: Message): string | undefined {
  const specifier = /^Could not resolve "(.+)"$/.exec(text)?.[1]
  if (specifier === undefined) return undefined
  if (/^[./]/.test(specifier)) return 'Check the path of the import.'
  return `npm install ${specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')}`
}

function decapitalise(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
