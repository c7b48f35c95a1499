/** A file of this machine that is written from: a regular one, whole and as it was when the write began. */
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import type { ErrorCode } from '../errors/codes.js'
import { StackError } from '../errors/stack-error.js'
import type { PartSource } from './driver.js'
import { allocate } from './transfer-options.js'

/** A whole file, and what shows that it is still the same. */
export interface FileSource {
  readonly kind: 'file'
  readonly path: string
  /** Bytes; a file of none may yield some all the same, as those in `/proc` do. */
  readonly size: number
  readonly identity: string
}

/** A pipe that has taken the file's place must not block. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK
const pieceSize = 256 * 1024

/**
 * Finds a file to write from.
 * @throws StackError `not-found`, `is-a-directory`, `permission-denied`, `usage` for a pipe or a device
 */
export async function findFile(path: string): Promise<FileSource> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (found.isDirectory())
    throw new StackError('is-a-directory', `${JSON.stringify(path)} to write from is a directory`)
  if (!found.isFile()) {
    throw new StackError(
      'usage',
      `${JSON.stringify(path)} to write from is no regular file: it has no size and no end`,
      {
        hint: 'Write a stream of it, made by createReadStream for instance.',
      },
    )
  }
  return { kind: 'file', path, size: Number(found.size), identity: identify(found) }
}

/**
 * Reads all of a file into memory.
 * @throws StackError `precondition-failed` where it is another than when the write began
 */
export async function readWhole(source: FileSource, signal: AbortSignal): Promise<Uint8Array> {
  return withFile(source.path, async (file) => {
    await checkSame(source, file)
    const bytes = await readFrom(file, { start: 0, size: source.size }, signal)
    await checkSame(source, file)
    return bytes
  })
}

/**
 * Reads a part of a file into memory.
 * @throws StackError `precondition-failed` where the file has become too short for it
 */
export function readFilePart(
  { path, start = 0, size }: PartSource & { readonly kind: 'file' },
  signal: AbortSignal,
): Promise<Uint8Array> {
  return withFile(path, (file) => readFrom(file, { start, size }, signal))
}

/** The bytes of a file that says it has none. */
export async function* readUnsized({ path }: FileSource): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path)
  let read = 0
  try {
    for (;;) {
      const memory = allocate(pieceSize)
      const { bytesRead } = await file.read(memory, 0, memory.length)
      if (bytesRead === 0) break
      read += bytesRead
      yield memory.subarray(0, bytesRead)
    }
    // It was being written: it may have grown behind what was read.
    const { size } = await file.stat()
    if (size !== 0 && size !== read) throw sourceChanged(read, size)
  } finally {
    await file.close()
  }
}

/**
 * Makes sure that a file is still the one that it was.
 * @throws StackError `precondition-failed`
 */
export async function checkUnchanged(source: FileSource): Promise<void> {
  const found = await stat(source.path, { bigint: true }).catch(() => undefined)
  checkIdentity(source, found)
}

/** The error for a source that is not as long as it was when the write began. */
export function sourceChanged(size: number, expected: number): StackError {
  const found = size === expected ? '' : `: it has ${size} bytes, not ${expected}`
  return new StackError('precondition-failed', `its source changed meanwhile${found}`)
}

async function checkSame(source: FileSource, file: FileHandle): Promise<void> {
  checkIdentity(source, await file.stat({ bigint: true }))
}

function checkIdentity(source: FileSource, found: BigIntStats | undefined): void {
  if (found?.isFile() === true && identify(found) === source.identity) return
  throw sourceChanged(Number(found?.size ?? 0), source.size)
}

function identify({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}-${ino}-${size}-${mtimeNs}`
}

async function readFrom(
  file: FileHandle,
  { start, size }: { readonly start: number; readonly size: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = allocate(size)
  for (let done = 0; done < size; ) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(bytes, done, size - done, start + done)
    if (bytesRead === 0) throw sourceChanged(start + done, start + size)
    done += bytesRead
  }
  return bytes
}

async function withFile<T>(path: string, run: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path)
  try {
    return await run(file)
  } finally {
    await file.close()
  }
}

function openFile(path: string): Promise<FileHandle> {
  return open(path, openFlags).catch((error: unknown) => {
    throw unreadable(path, error)
  })
}

const codes: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EMFILE: 'unavailable',
  ENFILE: 'unavailable',
  EIO: 'unavailable',
}

function unreadable(path: string, cause: unknown): StackError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const message = `the file ${JSON.stringify(path)} to write from cannot be read`
  return new StackError(Object.hasOwn(codes, code) ? (codes[code] as ErrorCode) : 'not-found', message, { cause })
}
