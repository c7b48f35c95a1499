/** S3: how much of a wire is used on which each connection carries 80 MB/s and each answer takes 15 ms. */
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { measureOnce } from './compare.mjs'
import { openS3Store } from './peers.mjs'
import { makeDirectory, makeFile } from './s3-large-files.mjs'

const mebibyte = 1024 ** 2
const connections = 8
const bytesPerSecond = 80e6
const wire = { latencyMs: 15, bytesPerSecond }
const transfer = { concurrency: connections, partSize: 32 * mebibyte }
const rounds = 3

export const s3Wire = [
  used({
    name: 's3-wire-upload',
    what: 'S3 upload of 1 GiB',
    size: 1024 * mebibyte,
    client: async (server, size) => {
      const store = await openS3Store(server)
      const file = makeFile(size)
      return () => store.upload(file, `object-${size}`, transfer)
    },
  }),
  used({
    name: 's3-wire-download',
    what: 'S3 download of 1 GiB to a file',
    size: 1024 * mebibyte,
    client: async (server, size) => {
      const store = await openS3Store(server)
      const file = join(makeDirectory(), 'file')
      return () => store.download(`object-${size}`, file, transfer)
    },
    disk: async (_, size) => {
      const file = join(makeDirectory(), 'file')
      return () => writePlainly(file, size)
    },
  }),
  used({
    name: 's3-wire-read',
    what: 'S3 download of 1 GiB into memory',
    size: 1024 * mebibyte,
    client: async (server, size) => {
      const store = await openS3Store(server)
      const memory = new Uint8Array(size)
      return () => store.readInto(`object-${size}`, memory, transfer)
    },
  }),
]

/** Writes so many bytes beside a file and gives them its name, as a download does: what the disk takes. */
async function writePlainly(file, size) {
  const piece = Buffer.alloc(mebibyte, 'x')
  const handle = await open(`${file}.part`, 'w')
  for (let written = 0; written < size; written += piece.length) await handle.write(piece)
  await handle.close()
  await rename(`${file}.part`, file)
}

function used({ name, what, size, client, disk }) {
  const clients = {
    ours: (server) => client(server, size),
    ...(disk && { disk: (server) => disk(server, size) }),
  }
  const scenario = { name, wire, rounds, warmUp: true, clients }
  const measure = async () => {
    const times = await measureOnce(scenario, ({ wall }) => wall)
    const ideal = (size / (connections * bytesPerSecond)) * 1000
    const carried = `of what a wire of 15 ms and 80 MB/s for each carries${disk ? ', or the disk takes' : ''}`
    return {
      ratios: [
        {
          what: `${what} by ${connections} connections, ${carried}`,
          ratio: Math.max(ideal, times.disk ?? 0) / times.ours,
          atLeast: 0.9,
        },
      ],
      notes: [
        `${what}: ours ${times.ours.toFixed(0)} ms, the wire ${ideal.toFixed(0)} ms${disk ? `, plain writes to the same disk ${times.disk.toFixed(0)} ms` : ''}.`,
      ],
    }
  }
  return { ...scenario, measure }
}
