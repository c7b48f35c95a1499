/** From the errors of `node:fs` to those of the artifact store contract. */
import { type ErrorCode, isStackError, StackError } from '@stack/core'

const codes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['not-found', 'it does not exist'],
  EEXIST: ['already-exists', 'it exists'],
  ENOTDIR: ['not-a-directory', 'a part of its path is a file'],
  EISDIR: ['is-a-directory', 'it is a directory'],
  ENOTEMPTY: ['directory-not-empty', 'it is not empty'],
  EACCES: ['permission-denied', 'the file system denies access'],
  EPERM: ['permission-denied', 'the file system does not permit it'],
  EROFS: ['permission-denied', 'the file system is read-only'],
  ENOSPC: ['no-space', 'the disk is full'],
  EDQUOT: ['no-space', 'the disk quota is used up'],
  EFBIG: ['no-space', 'the file is larger than the file system takes'],
  ENAMETOOLONG: ['invalid-path', 'the path is longer than the file system takes'],
  EILSEQ: ['invalid-path', 'the file system takes no such name'],
  EINVAL: ['invalid-path', 'the file system takes no such name'],
  ELOOP: ['invalid-path', 'its symbolic links form a circle'],
  EXDEV: ['unsupported', 'a part of the store lies on another file system'],
  EMFILE: ['unavailable', 'too many files are open'],
  EIO: ['unavailable', 'the disk failed to answer'],
}

/** The code of an error of `node:fs`, or an empty string. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return code ?? ''
}

/** Says whether an error means that nothing is there. */
export function meansAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(error))
}

/** Maps an error of `node:fs`; one of the contract, and what is none of the file system's, is given back as it is. */
export function toStoreError(error: unknown): unknown {
  if (isStackError(error)) return error
  const known = Object.hasOwn(codes, systemCode(error)) ? codes[systemCode(error)] : undefined
  if (known === undefined) return error
  const [code, reason] = known
  return new StackError(code, `${reason} (${systemCode(error)})`, { cause: error })
}
