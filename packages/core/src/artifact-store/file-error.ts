/** From the errors of `node:fs` on a caller's own file to those of the contract. */
import type { ErrorCode } from '../errors/codes.js'
import { StackError } from '../errors/stack-error.js'

const codes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['not-found', 'its directory does not exist'],
  ENOTDIR: ['not-a-directory', 'a part of its path is a file'],
  EISDIR: ['is-a-directory', 'it is a directory'],
  EACCES: ['permission-denied', 'the file system denies access'],
  EPERM: ['permission-denied', 'the file system does not permit it'],
  EROFS: ['permission-denied', 'the file system is read-only'],
  ENOSPC: ['no-space', 'the disk is full'],
  EDQUOT: ['no-space', 'the disk quota is used up'],
  EFBIG: ['no-space', 'the file system takes no such large file'],
  ENAMETOOLONG: ['invalid-path', 'the path is longer than the file system takes'],
}

/** Says of an error of the file system which file it is about; any other is given back as it is. */
export function toFileError(path: string, error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  const known = code !== undefined && Object.hasOwn(codes, code) ? codes[code] : undefined
  if (known === undefined) return error
  return new StackError(known[0], `the file ${JSON.stringify(path)} cannot be written: ${known[1]} (${code})`, {
    cause: error,
  })
}
