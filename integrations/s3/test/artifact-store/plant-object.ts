/** Objects of any key, as other programs write them: by the SDK, past the store. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ArtifactStore } from '@stack/core'
import type { S3Place } from './open-store.js'

/** Writes an object whose key is the root's prefix and `key` as it stands. */
export async function plantObject(place: S3Place, store: ArtifactStore, key: string, bytes: Uint8Array): Promise<void> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(store.uri('')) ?? []
  const credentials = place.credentials ?? { accessKeyId: 'testaccess', secretAccessKey: 'testsecret123' }
  const client = new S3Client({ endpoint: place.endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
  try {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}`, Body: bytes }),
    )
  } finally {
    client.destroy()
  }
}
