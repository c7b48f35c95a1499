/** Reading an object into memory: whole, by range, against a checksum, in parallel where it is large. */
import { createHash } from 'node:crypto'
import { isStackError, StackError } from '../errors/stack-error.js'
import { checkRange, isEmptyRange, resolveRange } from './byte-range.js'
import { checkVersion } from './check-version.js'
import type { ArtifactStoreDriver, ByteRange, GetOptions, GetResult, OperationOptions } from './driver.js'
import { findKinds, noFile } from './list-directory.js'
import { readRanges } from './read-ranges.js'
import { versionChanged } from './refusals.js'
import { allocate, checkTransfer, defaultPartSize, type TransferOptions, toTransfer } from './transfer-options.js'
import { takesParts } from './upload-parts.js'

/** What is read of an object. */
export interface ReadSelection {
  /** End exclusive. */
  readonly range?: ByteRange
  /** Only this version of it, else `precondition-failed`. */
  readonly ifMatch?: string
}

/** What is read, and how. */
export interface ReadRequest extends OperationOptions, ReadSelection, TransferOptions {
  /** Gives the memory for so many bytes, where it is the caller's. */
  readonly place?: (length: number) => Uint8Array
}

/**
 * Reads, and compares where the caller knows a checksum.
 * @throws StackError `usage` for numbers that make no sense and for memory that is too small
 */
export function readWith(
  driver: ArtifactStoreDriver,
  key: string,
  options: ReadRequest & { readonly checksum?: string },
): Promise<Uint8Array> {
  checkRead(options)
  const { checksum } = options
  return checksum === undefined ? readObject(driver, key, options) : readVerified(driver, key, { ...options, checksum })
}

/**
 * Refuses a read that cannot succeed whatever the object.
 * @throws StackError `usage`, `range-not-satisfiable`
 */
export function checkRead(options: ReadSelection & TransferOptions & { readonly checksum?: string | undefined }): void {
  const { range, ifMatch, checksum } = options
  if (range !== undefined) checkRange(range)
  if (ifMatch !== undefined) checkVersion(ifMatch)
  if (checksum !== undefined) checkChecksum(checksum)
  checkTransfer(options)
}

/** The beginning of a caller's memory, which has to hold so many bytes. */
export function placeIn(memory: Uint8Array, length: number): Uint8Array {
  if (!(memory instanceof Uint8Array)) throw new StackError('usage', 'the memory to read into is no Uint8Array')
  if (length <= memory.length) return memory.subarray(0, length)
  throw new StackError('usage', `its ${length} bytes do not fit into the ${memory.length} that were given`)
}

/** Opens an object; a directory is told from an absent object. */
export async function openObject(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & ReadSelection,
): Promise<GetResult> {
  const { range, ifMatch, signal } = options
  const request: GetOptions = { ...(range && { range }), ...(ifMatch && { ifMatch }), ...(signal && { signal }) }
  return onFile(driver, key, options, () => driver.get(key, request))
}

/** Reads bytes that are the caller's own. What was damaged on its way, or replaced while it was read, is read again. */
export async function readObject(driver: ArtifactStoreDriver, key: string, options: ReadRequest): Promise<Uint8Array> {
  // Object stores cannot be asked for no bytes at all, yet absence and a start beyond the end must be told.
  if (options.range !== undefined && isEmptyRange(options.range)) return readNothing(driver, key, options)
  for (let attempt = 1; ; attempt += 1) {
    try {
      const opened = await openObject(driver, key, options)
      if (isLarge(driver, opened, options)) return await readLarge(driver, opened, options)
      if (opened.bytes !== undefined && options.place === undefined) return await opened.bytes()
      const bytes = await placeFor(opened, options)
      await opened.into(bytes)
      return bytes
    } catch (error) {
      if (!isReadAgain(error, attempt, options)) throw error
    }
  }
}

/**
 * Says whether a read that failed is tried again: once where the bytes were damaged, twice where the object was replaced.
 * @throws StackError the error, where it has been tried enough, with the count of attempts.
 */
export function isReadAgain(error: unknown, attempt: number, { ifMatch }: ReadSelection): boolean {
  if (!isStackError(error)) return false
  const tries = error.code === 'checksum-mismatch' ? 2 : error.code === 'precondition-failed' && !ifMatch ? 3 : 1
  if (attempt < tries) return true
  if (attempt === 1) return false
  const { hint, cause } = error
  throw new StackError(error.code, error.message, {
    ...(hint !== undefined && { hint }),
    cause,
    details: { ...error.details, attempts: attempt },
  })
}

/** Says whether ranges in parallel pay: each has to be a request of its own, and more than one part is read. */
export function isLarge(driver: ArtifactStoreDriver, { range }: GetResult, options: TransferOptions): boolean {
  return range.end - range.start > (options.partSize ?? defaultPartSize) && takesParts(driver)
}

async function readLarge(driver: ArtifactStoreDriver, opened: GetResult, options: ReadRequest): Promise<Uint8Array> {
  const bytes = await placeFor(opened, options)
  const target = { memory: (start: number, length: number) => bytes.subarray(start, start + length), arrived: () => {} }
  await readRanges(driver, opened, target, toTransfer(options), options)
  return bytes
}

async function placeFor(opened: GetResult, { place = allocate }: ReadRequest): Promise<Uint8Array> {
  try {
    return place(opened.range.end - opened.range.start)
  } catch (error) {
    await opened.close()
    throw error
  }
}

/**
 * Reads and compares with `sha256:<hex>`, once more where it differs.
 * @throws StackError `checksum-mismatch`
 */
async function readVerified(
  driver: ArtifactStoreDriver,
  key: string,
  options: ReadRequest & { readonly checksum: string },
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    const bytes = await readObject(driver, key, options)
    const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    if (found === options.checksum) return bytes
    if (attempt === 2) throw contentDiffers(found, options.checksum)
  }
}

/** Refuses a checksum that is not written `sha256:<hex>`. */
function checkChecksum(checksum: unknown): void {
  if (typeof checksum === 'string' && /^sha256:[0-9a-f]{64}$/.test(checksum)) return
  throw new StackError('usage', 'a checksum is written sha256:<64 hexadecimal digits>')
}

/** The error for content of another checksum than the caller's, after two attempts. */
export function contentDiffers(found: string, expected: string): StackError {
  return new StackError('checksum-mismatch', `its content has the checksum ${found}, not ${expected}`, {
    hint: 'It was changed or damaged after it was written: run the step again.',
    details: { attempts: 2 },
  })
}

/** Does what needs a file; where that is `not-found`, finds out whether the name is a directory's. */
export async function onFile<T>(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions,
  run: () => Promise<T>,
): Promise<T> {
  if (key === '') throw noFile({ file: null, directory: true })
  try {
    return await run()
  } catch (error) {
    if (!isStackError(error, 'not-found') || driver.capabilities.emptyDirectories) throw error
    const kinds = await findKinds(driver, key, options)
    throw kinds.directory ? noFile(kinds) : error
  }
}

async function readNothing(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & ReadSelection,
): Promise<Uint8Array> {
  const kinds = await findKinds(driver, key, options)
  if (kinds.file === null) throw noFile(kinds)
  if (options.ifMatch !== undefined && options.ifMatch !== kinds.file.version) throw versionChanged()
  const { range } = options
  if (range !== undefined) resolveRange(range, kinds.file.size)
  return new Uint8Array(0)
}
