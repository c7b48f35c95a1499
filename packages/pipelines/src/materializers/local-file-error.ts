/** What went wrong with a file of this machine, with its path and a code. */
import { isStackError, StackError } from '@stack/core'

const codes = {
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EROFS: 'permission-denied',
  EEXIST: 'already-exists',
  ENOTDIR: 'not-a-directory',
  EISDIR: 'is-a-directory',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  ENOENT: 'not-found',
  ENAMETOOLONG: 'invalid-path',
} as const

/** Tells an error of Node's file system; any other is given back as it is. */
export function localFileError(operation: string, path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (isStackError(error) || code === undefined || !Object.hasOwn(codes, code)) return error
  const reason = (error as Error).message.replace(/^[A-Z]+: ([^,]*),[\s\S]*$/, '$1')
  return new StackError(codes[code as keyof typeof codes], `Cannot ${operation} ${JSON.stringify(path)}: ${reason}.`, {
    cause: error,
  })
}
