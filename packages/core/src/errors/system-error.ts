/** From the errors of Node and of the system below it to those of the closed set: one table for all that has none of its own. */
import { getSystemErrorName } from 'node:util'
import type { ErrorCode } from './codes.js'

type Meanings = Readonly<Record<string, readonly [ErrorCode, string]>>

const ofFiles: Meanings = {
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
  EXDEV: ['unsupported', 'a part of it lies on another file system'],
  EMFILE: ['unavailable', 'too many files are open'],
  ENFILE: ['unavailable', 'too many files are open on this machine'],
  EIO: ['unavailable', 'the disk failed to answer'],
  EBUSY: ['unavailable', 'it is in use by the system'],
  ESTALE: ['unavailable', 'the file server has lost it'],
}

const ofTheRest: Meanings = {
  ENOMEM: ['unavailable', 'the memory is used up'],
  EAGAIN: ['unavailable', 'the system has no more of it for now'],
  ECONNREFUSED: ['unavailable', 'the connection was refused'],
  ECONNRESET: ['unavailable', 'the connection was cut'],
  EPIPE: ['unavailable', 'the other side has closed'],
  ETIMEDOUT: ['unavailable', 'nothing answered'],
  ENOTFOUND: ['unavailable', 'the name of the host is not known'],
  EAI_AGAIN: ['unavailable', 'the name of the host cannot be looked up for now'],
  EHOSTUNREACH: ['unavailable', 'the host cannot be reached'],
  ENETUNREACH: ['unavailable', 'the network cannot be reached'],
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  'no-space': 'Free some space on the disk, then try again.',
  'permission-denied': 'Check who may read and write it, and the directory it is in.',
}
const tooManyFiles = 'Raise the limit of open files, as in: ulimit -n 4096'

/** What an error of the system means. */
export interface SystemErrorMeaning {
  /** Node's name of it, `ENOSPC`. */
  readonly name: string
  readonly code: ErrorCode
  /** Why, as the end of a sentence. */
  readonly reason: string
  readonly hint?: string
}

/** What a bare error of the file system means; undefined for any other. */
export function fileErrorMeaning(error: unknown): SystemErrorMeaning | undefined {
  return meaningIn(ofFiles, error)
}

/** What a bare error of the system means, of its files, processes or network; undefined for any other. */
export function systemErrorMeaning(error: unknown): SystemErrorMeaning | undefined {
  return meaningIn(ofFiles, error) ?? meaningIn(ofTheRest, error)
}

function meaningIn(meanings: Meanings, error: unknown): SystemErrorMeaning | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, path } = error as NodeJS.ErrnoException
  const name = typeof code === 'string' && Object.hasOwn(meanings, code) ? code : nativeName(error.message)
  const known = name !== undefined && Object.hasOwn(meanings, name) ? meanings[name] : undefined
  if (name === undefined || known === undefined) return undefined
  // Of anything but a path it is a mistake of the program's.
  if (name === 'EINVAL' && typeof path !== 'string') return undefined
  const [meant, reason] = known
  const hint = name === 'EMFILE' || name === 'ENFILE' ? tooManyFiles : hints[meant]
  return { name, code: meant, reason, ...(hint === undefined ? {} : { hint }) }
}

/** The name in an error of a native module, which says its number as Rust does: `Too many open files (os error 24)`. */
function nativeName(message: string): string | undefined {
  const number = /\(os error (\d{1,3})\)/.exec(message)?.[1]
  if (number !== undefined && number !== '0') return getSystemErrorName(-Number(number))
  // What the loader of native modules says.
  return message.includes('Too many open files') ? 'EMFILE' : undefined
}

/** Says in a sentence what could not be done and why: `Cannot open "a/b": the disk is full (ENOSPC).` */
export function describeSystemError(error: unknown, { name, reason }: SystemErrorMeaning): string {
  const { syscall, path } = error as NodeJS.ErrnoException
  const call = typeof syscall === 'string' ? syscall.split(' ', 1)[0] : 'continue'
  const place = typeof path === 'string' ? ` ${JSON.stringify(path)}` : ''
  return `Cannot ${call}${place}: ${reason} (${name}).`
}
