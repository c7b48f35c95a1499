/** S3: the most memory that a process needs which transfers one file of 256 MiB and does nothing else. */
import { join } from 'node:path'
import { measureOnce } from './compare.mjs'
import { bucket, makeS3Client, openS3Store } from './peers.mjs'
import { makeDirectory, makeFile } from './s3-large-files.mjs'

const size = 256 * 1024 ** 2
const megabyte = 1e6
const atMost = 150

export const s3Memory = [
  memory({
    name: 's3-memory-upload',
    what: 'Peak memory of an upload of 256 MiB to S3, in MB',
    clients: {
      ours: async (server) => {
        const store = await openS3Store(server)
        const file = makeFile()
        return () => store.upload(file, `object-${size}`)
      },
      'lib-storage': async (server) => {
        const { createReadStream } = await import('node:fs')
        const { Upload } = await import('@aws-sdk/lib-storage')
        const client = await makeS3Client(server)
        const file = makeFile()
        return () =>
          new Upload({ client, params: { Bucket: bucket, Key: `object-${size}`, Body: createReadStream(file) } }).done()
      },
    },
  }),
  memory({
    name: 's3-memory-download',
    what: 'Peak memory of a download of 256 MiB from S3 to a file, in MB',
    clients: {
      ours: async (server) => {
        const store = await openS3Store(server)
        const file = join(makeDirectory(), 'file')
        return () => store.download(`object-${size}`, file)
      },
      'client-s3': async (server) => {
        const { createWriteStream } = await import('node:fs')
        const { pipeline } = await import('node:stream/promises')
        const { GetObjectCommand } = await import('@aws-sdk/client-s3')
        const client = await makeS3Client(server)
        const file = join(makeDirectory(), 'file')
        return async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `prefix/object-${size}` }))
          await pipeline(Body, createWriteStream(file))
        }
      },
    },
  }),
]

function memory(scenario) {
  const measure = async () => {
    const peaks = await measureOnce(scenario, ({ peakBytes }) => peakBytes / megabyte)
    const others = Object.entries(peaks).filter(([name]) => name !== 'ours')
    return {
      ratios: [{ what: scenario.what, ratio: peaks.ours, atMost }],
      notes: [`${scenario.what}: ${others.map(([name, peak]) => `${name} ${peak.toFixed(0)}`).join(', ')}.`],
    }
  }
  return { ...scenario, measure }
}
