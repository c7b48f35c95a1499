/** S3: files and objects of 256 MiB and more, at full speed and on a wire that limits each connection. */
import { appendFileSync, createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bucket, makeS3Client, openFlystorage, openS3Store, openUndici } from './peers.mjs'

const size = 256 * 1024 ** 2
const key = `prefix/object-${size}`
const large = { roundMs: 1, warmUpMs: 1, rounds: 5 }

export const s3LargeFiles = [
  {
    ...large,
    name: 's3-upload-256m',
    what: 'S3 upload of a file of 256 MiB with CRC',
    bounds: { 'lib-storage': { atLeast: 4 } },
    clients: {
      ours: async (server) => {
        const store = await openS3Store(server)
        const file = makeFile()
        return () => store.upload(file, `object-${size}`)
      },
      'lib-storage': async (server) => {
        const client = await makeS3Client(server)
        const { Upload } = await import('@aws-sdk/lib-storage')
        const file = makeFile()
        return () => new Upload({ client, params: { Bucket: bucket, Key: key, Body: createReadStream(file) } }).done()
      },
      flystorage: async (server) => {
        const storage = await openFlystorage(server)
        const file = makeFile()
        return () => storage.write(`object-${size}`, createReadStream(file))
      },
    },
  },
  download({
    name: 's3-download-256m',
    what: 'S3 download of 256 MiB into new memory',
    ours: (store) => () => store.read(`object-${size}`),
    bare: true,
  }),
  download({
    name: 's3-download-into-256m',
    what: 'S3 download of 256 MiB into memory used before',
    ours: (store) => {
      const memory = new Uint8Array(size)
      return () => store.readInto(`object-${size}`, memory)
    },
  }),
]

function download({ ours, bare = false, ...scenario }) {
  return {
    ...large,
    ...scenario,
    bounds: { 'client-s3': { atLeast: 2.5 } },
    clients: {
      ours: async (server) => ours(await openS3Store(server)),
      'client-s3': async (server) => {
        const client = await makeS3Client(server)
        const { GetObjectCommand } = await import('@aws-sdk/client-s3')
        return async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
          return Body.transformToByteArray()
        }
      },
      flystorage: async (server) => {
        const storage = await openFlystorage(server)
        return () => storage.readToUint8Array(`object-${size}`)
      },
      ...(bare && {
        undici: async (server) => {
          const undici = await openUndici(server)
          return () => undici.get(key)
        },
      }),
    },
  }
}

/** A file that goes with the process; made a little at a time, since memory is measured. */
export function makeFile(length = size) {
  const file = join(makeDirectory(), 'file')
  const piece = Buffer.alloc(1024 ** 2, 'x')
  for (let written = 0; written < length; written += piece.length) appendFileSync(file, piece)
  return file
}

/** A directory that goes with the process. */
export function makeDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'stack-benchmark-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}
