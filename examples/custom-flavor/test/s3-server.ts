/** An S3 server in this process, for tests. */
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { buildApp } from 'fauxqs'

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
  /** A client with any credentials: the server checks none. */
  readonly client: S3Client
  createBucket(name: string): Promise<void>
  /** Every key of a bucket. */
  keys(bucket: string): Promise<readonly string[]>
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
    async [Symbol.asyncDispose]() {
      client.destroy()
      await app.close()
    },
  }
}
