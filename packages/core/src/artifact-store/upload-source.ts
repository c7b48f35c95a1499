/** Writing whatever may be written: by one request where it is small, else in parts, where the store takes parts. */
import { StackError } from '../errors/stack-error.js'
import { checkContentType, checkMetadata } from './check-metadata.js'
import { checkVersion } from './check-version.js'
import { ChunkReader } from './chunk-reader.js'
import type { ArtifactStoreDriver, PutOptions, PutResult } from './driver.js'
import { readWhole, sourceChanged } from './file-source.js'
import { GatheredParts, gatherHead } from './gather-parts.js'
import { noFile } from './list-directory.js'
import { bytesFeed, fileFeed } from './part-feed.js'
import { withController } from './run-workers.js'
import { checkTransfer, defaultSinglePut, type TransferOptions, toTransfer } from './transfer-options.js'
import { type MultipartDriver, takesParts, uploadParts } from './upload-parts.js'
import { asBytes, toPutSource, type WritableData } from './write-source.js'

/** Options of a write, as the driver and the parts take them. */
export type UploadOptions = PutOptions & TransferOptions

/**
 * Refuses a write that cannot succeed whatever the data.
 * @throws StackError `is-a-directory`, `usage`, `unsupported`
 */
export function checkWrite(key: string, options: UploadOptions, driver: ArtifactStoreDriver): void {
  if (key === '') throw noFile({ file: null, directory: true })
  const { ifAbsent, ifMatch, metadata, contentType } = options
  if (ifAbsent !== undefined && typeof ifAbsent !== 'boolean')
    throw new StackError('usage', 'ifAbsent is true or false')
  if (ifMatch !== undefined) checkVersion(ifMatch)
  if (ifAbsent === true && ifMatch !== undefined) {
    throw new StackError('usage', 'ifAbsent and ifMatch exclude each other')
  }
  if (contentType !== undefined) checkContentType(contentType)
  if (metadata !== undefined) {
    if (!driver.capabilities.metadata) throw new StackError('unsupported', 'this store keeps no metadata')
    checkMetadata(metadata)
    driver.checkMetadata?.(metadata)
  }
  checkTransfer(options)
}

/** Writes data to a key. */
export function uploadSource(
  driver: ArtifactStoreDriver,
  key: string,
  data: WritableData,
  options: UploadOptions,
): Promise<PutResult> {
  const bytes = asBytes(data)
  if (bytes !== undefined && isWhole(driver, bytes.length, options)) {
    return driver.put(key, { kind: 'bytes', bytes }, options)
  }
  if (takesParts(driver))
    return withController(options.signal, (controller) => send(driver, key, bytes ?? data, options, controller))
  return putSource(driver, key, data, options)
}

async function putSource(
  driver: ArtifactStoreDriver,
  key: string,
  data: WritableData,
  options: UploadOptions,
): Promise<PutResult> {
  return driver.put(key, await toPutSource(data, options.signal), options)
}

/** Says whether so many bytes go by one request. */
function isWhole(driver: ArtifactStoreDriver, size: number, options: TransferOptions): boolean {
  return size <= (options.partSize ?? defaultSinglePut) || !takesParts(driver)
}

async function send(
  driver: MultipartDriver,
  key: string,
  data: WritableData,
  options: UploadOptions,
  controller: AbortController,
): Promise<PutResult> {
  const transfer = toTransfer(options)
  const { signal } = controller
  const source = await toPutSource(data, signal)
  if (source.kind === 'bytes') {
    return uploadParts(driver, key, (upload) => bytesFeed(source.bytes, upload, transfer), options, controller)
  }
  if (source.kind === 'file') {
    if (isWhole(driver, source.size, options)) {
      return driver.put(key, { kind: 'bytes', bytes: await readWhole(source, signal) }, options)
    }
    return uploadParts(driver, key, (upload) => fileFeed(source, upload, transfer), options, controller)
  }
  const { size } = source
  const chunks = source.chunks[Symbol.asyncIterator]()
  const reader = new ChunkReader(() => chunks.next())
  const gather = (head?: Uint8Array): Promise<PutResult> => {
    const gathered = { reader, ...(head && { head }), ...(size !== undefined && { size }) }
    return uploadParts(
      driver,
      key,
      (upload) => new GatheredParts(gathered, upload, transfer, signal),
      options,
      controller,
    )
  }
  try {
    if (size !== undefined && !isWhole(driver, size, options)) return await gather()
    const head = await gatherHead(reader, size ?? transfer.partSize, size === undefined && transfer.concurrency > 1)
    if (await reader.hasMore()) {
      if (size !== undefined) throw sourceChanged(head.length + 1, size)
      return await gather(head)
    }
    if (size !== undefined && head.length !== size) throw sourceChanged(head.length, size)
    return await driver.put(key, { kind: 'bytes', bytes: head }, options)
  } finally {
    chunks.return?.(undefined)?.catch(() => {})
  }
}
