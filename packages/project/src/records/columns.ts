/** How the columns of a row are read: each is checked, because a database is a file that a broken disk or anybody may change. */
import { isUtf8 } from 'node:buffer'
import type { JsonValue, StackErrorJson } from '@stack/core'

/** One kind of column. */
export interface Column<T> {
  /** Texts are read as bytes: libsql ends the process on one that is no UTF-8. */
  readonly stored: 'text' | 'integer'
  /** What it must hold, as the end of a sentence. */
  readonly expected: string
  /** The value; undefined where the column holds something else. */
  readonly read: (stored: unknown) => T | undefined
}

type JsonObject = { readonly [key: string]: JsonValue }

/** JSON that is nested more deeply would overflow the stack of what walks it. */
const deepest = 500

export const text = textOf('text', (value) => value)

/** A moment in UTC as ISO 8601 writes it. */
export const time = textOf('a time', (value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined,
)

export const json = jsonOf('JSON', (value): value is JsonValue => value !== undefined)

export const jsonObject = jsonOf('a JSON object', isObject)

/** Fields of any JSON by key. */
export const settings = jsonOf('JSON objects by key', (value): value is { readonly [key: string]: JsonObject } =>
  isRecordOf(value, isObject),
)

export const texts = jsonOf('texts by name', (value): value is Readonly<Record<string, string>> =>
  isRecordOf(value, isText),
)

export const listOfTexts = jsonOf(
  'a list of texts',
  (value): value is readonly string[] => Array.isArray(value) && value.every(isText),
)

export const error = jsonOf('an error', isErrorJson)

/** A whole number that is exact. */
export function count(least: number): Column<number> {
  const read = (stored: unknown) =>
    Number.isSafeInteger(stored) && (stored as number) >= least ? (stored as number) : undefined
  return { stored: 'integer', expected: `a whole number from ${least}`, read }
}

export const flag: Column<boolean> = {
  stored: 'integer',
  expected: '0 or 1',
  read: (stored) => (stored === 0 || stored === 1 ? stored === 1 : undefined),
}

export function oneOf<const T extends string>(values: readonly T[]): Column<T> {
  return textOf(`one of ${values.join(', ')}`, (value) => values.find((each) => each === value))
}

export function orNull<T>({ stored, expected, read }: Column<T>): Column<T | null> {
  return { stored, expected: `${expected}, or nothing`, read: (value) => (value === null ? null : read(value)) }
}

/** JSON of one shape. */
export function jsonOf<T>(expected: string, is: (value: unknown) => value is T): Column<T> {
  return textOf(expected, (value) => {
    const parsed = parse(value)
    return is(parsed) && (value.length <= deepest || isShallow(parsed, deepest)) ? parsed : undefined
  })
}

/** The text of stored bytes; undefined where they are none. */
export function decode(stored: unknown): string | undefined {
  const bytes = bytesOf(stored)
  return bytes !== undefined && isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** The text of stored bytes for a message: what is no UTF-8 is replaced. */
export function shownText(stored: unknown): string {
  return bytesOf(stored)?.toString('utf8') ?? String(stored)
}

/** libsql returns the bytes of one row in another form than those of several. */
function bytesOf(stored: unknown): Buffer | undefined {
  if (stored instanceof ArrayBuffer) return Buffer.from(stored)
  return Buffer.isBuffer(stored) ? stored : undefined
}

function textOf<T>(expected: string, read: (value: string) => T | undefined): Column<T> {
  return {
    stored: 'text',
    expected,
    read: (stored) => {
      const value = decode(stored)
      return value === undefined ? undefined : read(value)
    },
  }
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRecordOf(value: unknown, is: (value: unknown) => boolean): boolean {
  return isObject(value) && Object.values(value).every(is)
}

function isErrorJson(value: unknown): value is StackErrorJson {
  if (!isObject(value)) return false
  const { code, message, hint = '', problems = [], details = {}, stack = '' } = value
  return [code, message, hint, stack].every(isText) && isObject(details) && isProblems(problems)
}

function isProblems(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => isObject(each) && isText(each.path) && isText(each.message))
}
