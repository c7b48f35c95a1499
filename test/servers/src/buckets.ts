/** New buckets, by the protocol of the server. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { RunningServer } from './server.js'

/** Makes an empty bucket of that name. */
export async function createBucket(server: Omit<RunningServer, 'createBucket'>, bucket: string): Promise<void> {
  if (server.protocol === 'gcs') await createGcsBucket(server.endpoint, bucket)
  else await createS3Bucket(server, bucket)
}

async function createS3Bucket(server: Omit<RunningServer, 'createBucket'>, bucket: string): Promise<void> {
  const { endpoint, region, credentials } = server
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } finally {
    client.destroy()
  }
}

async function createGcsBucket(endpoint: string, bucket: string): Promise<void> {
  const response = await fetch(`${endpoint}/storage/v1/b?project=test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: bucket }),
  })
  if (!response.ok) throw new Error(`The bucket ${bucket} was not made: ${response.status} ${await response.text()}`)
}
