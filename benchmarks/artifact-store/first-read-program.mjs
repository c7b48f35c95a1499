/** Reads one object from S3 by a client, and prints how many milliseconds after its start it was there. */
import { bucket, makeS3Client, openS3Store } from './peers.mjs'

const [client, endpoint] = process.argv.slice(2)
if (client === 'ours') {
  const store = await openS3Store({ endpoint })
  await store.read('object-1024')
} else {
  const s3 = await makeS3Client({ endpoint })
  const { GetObjectCommand } = await import('@aws-sdk/client-s3')
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'prefix/object-1024' }))
  await Body.transformToByteArray()
}
console.log(performance.now())
process.exit()
