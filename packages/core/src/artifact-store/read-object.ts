/** Reading an object: whole, by range, against a checksum, or as a stream. */
import { createHash } from 'node:crypto'
import { isStackError, StackError } from '../errors/stack-error.js'
import { checkRange, isEmptyRange, resolveRange } from './byte-range.js'
import type { ArtifactStoreDriver, ByteRange, GetOptions, GetResult, OperationOptions } from './driver.js'
import { findKinds, noFile } from './list-directory.js'
import { type OperationName, performOperation } from './perform-operation.js'

/** What is read of an object. */
export interface ReadSelection {
  /** End exclusive. */
  readonly range?: ByteRange
  /** Only this version of it, else `precondition-failed`. */
  readonly ifMatch?: string
}

/** Opens an object; a directory is told from an absent object. */
export async function openObject(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & ReadSelection,
): Promise<GetResult> {
  const { range, ifMatch, signal } = options
  const request: GetOptions = { ...(range && { range }), ...(ifMatch && { ifMatch }), ...(signal && { signal }) }
  if (range !== undefined) checkRange(range)
  return onFile(driver, key, options, () => driver.get(key, request))
}

/** Reads bytes that are the caller's own. */
export async function readObject(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & ReadSelection,
): Promise<Uint8Array> {
  // Object stores cannot be asked for no bytes at all, yet absence and a start beyond the end must be told.
  if (options.range !== undefined && isEmptyRange(options.range)) return readNothing(driver, key, options)
  const opened = await openObject(driver, key, options)
  if (opened.bytes !== undefined) return opened.bytes()
  const bytes = new Uint8Array(opened.range.end - opened.range.start)
  await opened.into(bytes)
  return bytes
}

/**
 * Reads and compares with `sha256:<hex>`, once more where it differs.
 * @throws StackError `checksum-mismatch`
 */
export async function readVerified(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & ReadSelection & { readonly checksum: string },
): Promise<Uint8Array> {
  if (!/^sha256:[0-9a-f]{64}$/.test(options.checksum)) {
    throw new StackError('usage', 'a checksum is written sha256:<64 hexadecimal digits>')
  }
  let found = ''
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const bytes = await readObject(driver, key, options)
    found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    if (found === options.checksum) return bytes
  }
  throw new StackError('checksum-mismatch', `its content has the checksum ${found}, not ${options.checksum}`, {
    hint: 'It was changed or damaged after it was written: run the step again.',
    details: { attempts: 2 },
  })
}

/** Gives an opened object's body as a stream whose every read is an operation, with its abort and its errors. */
export function guardBody(
  name: OperationName,
  options: OperationOptions,
  opened: GetResult,
): ReadableStream<Uint8Array> {
  const reader = opened.body().getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const step = await performOperation(name, options, () => reader.read())
          if (step.done) controller.close()
          else controller.enqueue(step.value)
        } catch (error) {
          reader.cancel(error).catch(() => {})
          throw error
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
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
  if (range !== undefined) {
    checkRange(range)
    resolveRange(range, kinds.file.size)
  }
  return new Uint8Array(0)
}

/** The error for an object of another version than was asked for. */
export function versionChanged(): StackError {
  return new StackError('precondition-failed', 'it has changed since, or is gone')
}
