/** An S3 server in this process, for tests. */
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { buildApp } from 'fauxqs'

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
  /** A client with any credentials: the server checks none. */
  readonly client: S3Client
  createBucket(name: string): Promise<void>
  /** Every key of a bucket. */
  keys(bucket: string): Promise<readonly string[]>
  /** The content of an object. */
  text(bucket: string, key: string): Promise<string>
}

/** Starts a server on a free port of the loopback interface. */
export async function startS3Server(): Promise<S3Server> {
  const app = buildApp({ logger: false, host: 'localhost' })
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' })
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  })
  return {
    endpoint,
    client,
    async createBucket(name) {
      await client.send(new CreateBucketCommand({ Bucket: name }))
    },
    async keys(bucket) {
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
      return (Contents ?? []).map((each) => each.Key ?? '')
    },
    async text(bucket, key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return (await Body?.transformToString()) ?? ''
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      await app.close()
    },
  }
}
