/**
 * Runs a command while an S3 server with an empty bucket listens on this machine, and lists afterwards what is in it:
 * `node with-s3-server.mjs npx stack run pipelines/primes.ts`. The server keeps everything in memory.
 */
import { spawn } from 'node:child_process'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { buildApp } from 'fauxqs'

// On Node 20 the SDK tells every process that it will ask for a newer Node one day.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

const [command, ...args] = process.argv.slice(2)
const server = buildApp({ logger: false, host: 'localhost' })
const endpoint = await server.listen({ port: 9753, host: '127.0.0.1' })
const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
})
await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))

const child = spawn(command, args, { stdio: 'inherit' })
process.exitCode = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))

const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'bucket' }))
console.log(`\nIn s3://bucket:`)
for (const { Key, Size } of Contents) console.log(`${String(Size).padStart(8)}  ${Key}`)
client.destroy()
await server.close()
