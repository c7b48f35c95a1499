/** Where a store's objects are: a bucket, and what every key in it begins with. */
import { StackError, type StoreRoot } from '@stack/core'

/** The longest key that S3 and GCS take, in bytes of UTF-8. */
const maximumKeyBytes = 1024

export class BucketLocation {
  readonly bucket: string
  /** Empty, or ending with a slash. */
  readonly prefix: string

  constructor(root: Pick<StoreRoot, 'authority' | 'segments'>) {
    this.bucket = root.authority
    this.prefix = root.segments.map((name) => `${name}/`).join('')
  }

  /**
   * The key in the bucket of a key of the store.
   * @throws StackError `invalid-path`
   */
  objectKey(key: string): string {
    const objectKey = this.prefix + key
    if (objectKey.length * 3 > maximumKeyBytes && Buffer.byteLength(objectKey) > maximumKeyBytes) {
      throw new StackError('invalid-path', `its key is longer than the ${maximumKeyBytes} bytes that a bucket takes`)
    }
    return objectKey
  }

  /** What the keys below a directory of the store begin with. */
  directoryPrefix(key: string): string {
    return this.prefix + (key === '' ? '' : `${key}/`)
  }

  /** The key in the bucket of a key that was listed, which may be longer or otherwise than `objectKey` takes. */
  listedKey(key: string): string {
    return this.prefix + key
  }

  /** The key of the store of a key in the bucket. */
  storeKey(objectKey: string): string {
    return objectKey.slice(this.prefix.length)
  }
}
