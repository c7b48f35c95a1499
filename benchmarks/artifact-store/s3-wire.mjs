/** S3: how much of a wire is used on which each connection carries 80 MB/s and each answer takes 15 ms. */
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
      const store = await connect(server)
      const file = makeFile(size)
      return () => store.upload(file, `object-${size}`, transfer)
    },
  }),
  used({
    name: 's3-wire-download',
    what: 'S3 download of 1 GiB to a file',
    size: 1024 * mebibyte,
    client: async (server, size) => {
      const store = await connect(server)
      const file = join(makeDirectory(), 'file')
      return () => store.download(`object-${size}`, file, transfer)
    },
  }),
  used({
    name: 's3-wire-read',
    what: 'S3 download of 1 GiB into memory',
    size: 1024 * mebibyte,
    client: async (server, size) => {
      const store = await connect(server)
      const memory = new Uint8Array(size)
      return () => store.readInto(`object-${size}`, memory, transfer)
    },
  }),
]

/** A store that has loaded its SDK and found its credentials. */
async function connect(server) {
  const store = await openS3Store(server)
  await store.exists('object-1')
  return store
}

function used({ name, what, size, client }) {
  const scenario = { name, wire, rounds, clients: { ours: (server) => client(server, size) } }
  const measure = async () => {
    const { ours } = await measureOnce(scenario, ({ wall }) => wall)
    const ideal = (size / (connections * bytesPerSecond)) * 1000
    return {
      ratios: [
        {
          what: `${what} by ${connections} connections, of what a wire of 15 ms and 80 MB/s for each carries`,
          ratio: ideal / ours,
          atLeast: 0.9,
        },
      ],
      notes: [],
    }
  }
  return { ...scenario, measure }
}
