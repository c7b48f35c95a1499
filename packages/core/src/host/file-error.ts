/** Translates what the file system reports of the program's own files: its project's directory and its caches. */
import type { ErrorCode } from '../errors/codes.js'
import { isStackError, StackError } from '../errors/stack-error.js'

interface Refusal {
  readonly code: ErrorCode
  readonly what: string
  readonly hint: string
}

const full: Refusal = {
  code: 'no-space',
  what: 'cannot be written: there is no space left',
  hint: 'Free some space on the disk and try again; what was there before is intact.',
}
const denied: Refusal = {
  code: 'permission-denied',
  what: 'cannot be written',
  hint: 'Make the directory writable, or use another one with --project DIR.',
}
const inTheWay: Refusal = {
  code: 'not-a-directory',
  what: 'cannot be made: a file is in the way',
  hint: 'Move the file of that name aside, then try again.',
}
const tooMany: Refusal = {
  code: 'unavailable',
  what: 'cannot be opened: too many files are open',
  hint: 'Allow more open files, as in: ulimit -n 1024',
}

const refusals: Readonly<Record<string, Refusal>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EROFS: denied,
  EACCES: denied,
  EPERM: denied,
  ENOTDIR: inTheWay,
  EEXIST: inTheWay,
  EISDIR: {
    code: 'is-a-directory',
    what: 'cannot be written: a directory is in the way',
    hint: 'Move the directory of that name aside, then try again.',
  },
  EMFILE: tooMany,
  ENFILE: tooMany,
}

/** The error of an operation on a file of the program's own. */
export function fromFileError(error: unknown, file: string): StackError {
  if (isStackError(error)) return error
  const errno = String((error as Partial<NodeJS.ErrnoException> | null)?.code)
  const refusal = Object.hasOwn(refusals, errno) ? refusals[errno] : undefined
  if (refusal !== undefined) {
    const { code, what, hint } = refusal
    return new StackError(code, `"${file}" ${what} (${errno}).`, { cause: error, hint, details: { file } })
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new StackError('unavailable', `"${file}" cannot be used: ${reason}.`, { cause: error, details: { file } })
}
