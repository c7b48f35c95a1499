/** Requests that anybody may send for a while, from stores that have them. */
import { StackError } from '../errors/stack-error.js'
import type { ArtifactStoreDriver, PresignedRequest, PresignOptions } from './driver.js'
import { noFile } from './list-directory.js'

/**
 * Makes such a request for an object, which need not exist.
 * @throws StackError `unsupported` where the store has none, `usage`
 */
export async function presignObject(
  driver: ArtifactStoreDriver,
  key: string,
  options: PresignOptions,
): Promise<PresignedRequest> {
  if (key === '') throw noFile({ file: null, directory: true })
  if (driver.presign === undefined) {
    throw new StackError('unsupported', 'this store has no requests that others may send', {
      hint: 'Read or write it through the store.',
    })
  }
  const { method, expiresIn } = options
  if (method !== 'GET' && method !== 'PUT') throw new StackError('usage', 'the method is GET or PUT')
  if (!Number.isSafeInteger(expiresIn) || expiresIn < 1) {
    throw new StackError('usage', 'expiresIn is a whole number of seconds from 1 on')
  }
  return driver.presign(key, options)
}
