/** Translates what SQLite reports into errors of the closed set. */
import { basename, dirname, join } from 'node:path'
import { fileErrorMeaning, isStackError, StackError } from '@stack/core'

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

/** The error of an operation on the database at `file`. */
export function toStackError(error: unknown, file: string): StackError {
  if (isStackError(error)) return error
  const extended = resultCode(error)
  const cause = { cause: error, details: { file, sqlite: extended } }
  const system = extended === 0 ? fileErrorMeaning(error) : undefined
  if (system !== undefined) {
    const { code, name, reason, hint } = system
    return new StackError(code, `The project's database ${file} cannot be used: ${reason} (${name}).`, {
      ...cause,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  if (extended === shortRead) return databaseCorrupt(file, cause)
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
      return new StackError('permission-denied', `The project's database ${file} cannot be opened.`, {
        ...cause,
        hint: `Check that "${file}" is a file that may be read and written, and so its directory.`,
      })
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

/** The error of a file operation of ours on the project's directory. */
export function fromFileError(error: unknown, file: string): StackError {
  if (isStackError(error)) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return noSpace(file, { cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new StackError('permission-denied', `"${file}" cannot be written (${code}).`, {
      cause: error,
      hint: 'Make the directory writable, or use another one with --project DIR.',
    })
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StackError('not-a-directory', `"${file}" cannot be made: a file is in the way.`, {
      cause: error,
      hint: 'Move the file of that name aside, then try again.',
    })
  return new StackError('unavailable', `"${file}" cannot be used: ${messageOf(error)}.`, { cause: error })
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
