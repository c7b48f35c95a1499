/** Translates what SQLite reports into errors of the closed set. */
import { closeSync, openSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileErrorMeaning, isStackError, StackError } from '@stack/core'
import { fromFileError } from '@stack/core/host'

/** SQLite's primary result codes, the low byte of an extended one: https://www.sqlite.org/rescode.html */
const primaryCodes = {
  busy: 5,
  locked: 6,
  perm: 3,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const

/** A file that ends before its header says: SQLITE_IOERR_SHORT_READ. */
const shortRead = 522

/** The disk has no space for the index of the write-ahead log: SQLITE_IOERR_SHMSIZE. */
const sharedMemorySize = 4874

/** The error of an operation on the database at `file`. */
export function toStackError(error: unknown, file: string): StackError {
  if (isStackError(error)) return error
  const extended = resultCode(error)
  if (extended === 0 && fileErrorMeaning(error) !== undefined) return fromFileError(error, file)
  const cause = { cause: error, details: { file, sqlite: extended } }
  if (extended === shortRead) return databaseCorrupt(file, cause)
  if (extended === sharedMemorySize) return noSpace(file, cause)
  switch (extended & 0xff) {
    case primaryCodes.busy:
    case primaryCodes.locked:
      return new StackError('unavailable', `The project's database ${file} is locked by another process.`, {
        ...cause,
        hint: 'Wait for the other command to end and try again.',
      })
    case primaryCodes.full:
      return noSpace(file, cause)
    case primaryCodes.corrupt:
    case primaryCodes.notADatabase:
      return databaseCorrupt(file, cause)
    case primaryCodes.readOnly:
    case primaryCodes.perm:
      return new StackError('permission-denied', `The project's database ${file} cannot be written.`, {
        ...cause,
        hint: `Make "${file}" and its directory writable, or work on a copy of the project.`,
      })
    case primaryCodes.cannotOpen:
      return cannotOpen(file, cause)
    case primaryCodes.ioError:
      return new StackError(
        'unavailable',
        `The disk failed under the project's database ${file}: ${messageOf(error)}.`,
        {
          ...cause,
          hint: 'Check the disk and its free space, then try again.',
        },
      )
    case primaryCodes.constraint:
      return new StackError('already-exists', `The project's database ${file} holds this record already.`, cause)
    default:
      return new StackError('unexpected', `The project's database ${file} failed: ${messageOf(error)}.`, cause)
  }
}

/** SQLite does not say why it cannot open its files, of which there are three; opening as many others shows it. */
function cannotOpen(file: string, options: { readonly cause?: unknown }): StackError {
  const opened: number[] = []
  try {
    while (opened.length < 3) opened.push(openSync(dirname(file), 'r'))
  } catch (error) {
    if (fileErrorMeaning(error)?.code === 'unavailable') return fromFileError(error, file)
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
  return new StackError('permission-denied', `The project's database ${file} cannot be opened.`, {
    ...options,
    hint: `Check that "${file}" is a file that may be read and written, and so its directory.`,
  })
}

/** The error of a file that is no sound database of a project; nothing is deleted, the way out is in the hint. */
export function databaseCorrupt(file: string, options: { readonly cause?: unknown } = {}): StackError {
  // Its log is moved with it: SQLite would delete one that lies beside a new database, and the last records are in it.
  const aside = join(dirname(file), 'damaged')
  return new StackError('database-corrupt', `The project's database ${file} is damaged or is not one.`, {
    ...options,
    hint: `Nothing was deleted. To start anew and keep the artifacts: mkdir "${aside}" && mv "${file}"* "${aside}" && stack init. To salvage records from what was moved: sqlite3 "${join(aside, basename(file))}" .recover`,
  })
}

/** Says whether SQLite refused because another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return isStackError(error) && (Number(error.details.sqlite) & 0xff) === primaryCodes.busy
}

function noSpace(file: string, options: { readonly cause?: unknown }): StackError {
  return new StackError('no-space', `There is no space left to write "${file}".`, {
    ...options,
    hint: 'Free some space on the disk and try again; what was recorded before is intact.',
  })
}

function resultCode(error: unknown): number {
  const code = (error as { rawCode?: unknown } | null)?.rawCode
  return typeof code === 'number' ? code : 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
