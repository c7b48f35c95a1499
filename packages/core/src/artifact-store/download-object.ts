/** Downloading an object to a file of this machine, which is there whole or not at all. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StackError } from '../errors/stack-error.js'
import { isEmptyRange } from './byte-range.js'
import type { ArtifactStoreDriver, PutResult, Stat } from './driver.js'
import { toFileError } from './file-error.js'
import type { RangeTarget } from './range-body.js'
import {
  checkRead,
  contentDiffers,
  isLarge,
  isReadAgain,
  onFile,
  openObject,
  type ReadRequest,
  readObject,
} from './read-object.js'
import { readRanges } from './read-ranges.js'
import { allocate, toTransfer } from './transfer-options.js'

/** What is downloaded. */
export interface DownloadRequest extends ReadRequest {
  readonly checksum?: string
}

/** Writes an object to a temporary beside the file, and gives it the file's name when it is whole. */
export async function downloadObject(
  driver: ArtifactStoreDriver,
  key: string,
  file: string,
  options: DownloadRequest,
): Promise<PutResult> {
  checkRead(options)
  await checkPlace(file)
  const temporary = join(dirname(file), `.${basename(file).slice(0, 60)}.${randomBytes(6).toString('hex')}.part`)
  try {
    // First, so that what is wrong with the place is told of the place.
    await (await open(temporary, 'wx')).close()
    const result = await fetchVerified(driver, key, temporary, options)
    options.signal?.throwIfAborted()
    await rename(temporary, file)
    return result
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw toFileError(file, error)
  }
}

/** A file is replaced: whoever names a pipe, a terminal or `/dev/null` does not want that. */
async function checkPlace(file: string): Promise<void> {
  if (typeof file !== 'string' || file === '' || file.includes('\0')) {
    throw new StackError('usage', 'the file to download to is not named by a path')
  }
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || found.isFile()) return
  const place = `${JSON.stringify(file)} to download to`
  if (found.isDirectory()) throw new StackError('is-a-directory', `${place} is a directory`)
  throw new StackError('usage', `${place} is no regular file, and would be replaced`, {
    hint: 'Write what `stream` returns to it.',
  })
}

async function fetchVerified(
  driver: ArtifactStoreDriver,
  key: string,
  file: string,
  options: DownloadRequest,
): Promise<PutResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { stat, size } = await fetchTo(driver, key, file, options)
      if (options.checksum !== undefined) await checkContent(file, options.checksum, options.signal)
      return { size, ...(stat.version !== undefined && { version: stat.version }) }
    } catch (error) {
      if (!isReadAgain(error, attempt, options)) throw error
    }
  }
}

interface Fetched {
  readonly stat: Pick<Stat, 'version'>
  readonly size: number
}

/** Fills a file, which may be left from an attempt before. */
async function fetchTo(
  driver: ArtifactStoreDriver,
  key: string,
  file: string,
  options: DownloadRequest,
): Promise<Fetched> {
  const { range, ifMatch, signal } = options
  if (driver.download !== undefined && range === undefined) {
    const download = driver.download.bind(driver)
    const stat = await onFile(driver, key, options, () => download(key, file, { ifMatch, signal }))
    return { stat, size: stat.size }
  }
  if (range !== undefined && isEmptyRange(range)) {
    const bytes = await readObject(driver, key, options)
    return { stat: {}, size: bytes.length }
  }
  const opened = await openObject(driver, key, options)
  const handle = await open(file, 'w').catch(async (error: unknown) => {
    await opened.close()
    throw error
  })
  try {
    const { concurrency, ...transfer } = toTransfer(options)
    const atOnce = isLarge(driver, opened, options) ? concurrency : 1
    await readRanges(driver, opened, new FileTarget(handle), { ...transfer, concurrency: atOnce }, options)
  } finally {
    await handle.close()
  }
  return { stat: opened.stat, size: opened.range.end - opened.range.start }
}

/** Bytes that are written to a file at once: with larger pieces nothing is gained. */
const pieceSize = 512 * 1024

/** A file that ranges are written into, by the piece; the memory of those that were is used again. */
class FileTarget implements RangeTarget {
  readonly #handle: FileHandle
  readonly #free: Uint8Array[] = []
  #writtenBefore: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  memory(_start: number, length: number): Uint8Array {
    const size = Math.min(length, pieceSize)
    const free = this.#free.pop()
    return free !== undefined && free.length >= size ? free.subarray(0, size) : allocate(size)
  }

  /** One after the other: a file has one lock, and threads of Node that wait for it spin. */
  arrived(start: number, bytes: Uint8Array): Promise<void> {
    const written = this.#writtenBefore.then(() => this.#write(start, bytes))
    this.#writtenBefore = written.catch(() => {})
    return written
  }

  async #write(start: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      done += (await this.#handle.write(bytes, done, bytes.length - done, start + done)).bytesWritten
    }
    this.#free.push(new Uint8Array(bytes.buffer))
  }
}

async function checkContent(file: string, expected: string, signal: AbortSignal | undefined): Promise<void> {
  const hash = createHash('sha256')
  const chunks = createReadStream(file, { highWaterMark: 1024 * 1024, ...(signal && { signal }) })
  for await (const chunk of chunks) hash.update(chunk as Uint8Array)
  const found = `sha256:${hash.digest('hex')}`
  if (found !== expected) throw contentDiffers(found, expected)
}
