/** GCS: objects that one request carries, from memory and into it. */
import { bucket, hideAwsCrt, makeStorage, openGcsStore } from './gcs-peers.mjs'

const kibibyte = 1024
const mebibyte = 1024 ** 2
const library = '@google-cloud/storage'

export const gcsObjects = [
  put({ name: 'gcs-put-1k', what: 'GCS put of 1 KiB', size: kibibyte, concurrency: 32, atLeast: 4 }),
  put({
    name: 'gcs-put-1m',
    what: 'GCS put of 1 MiB',
    size: mebibyte,
    concurrency: 8,
    atLeast: 15,
    prepare: hideAwsCrt,
  }),
  put({
    name: 'gcs-put-1m-aws-crt',
    what: 'GCS put of 1 MiB where aws-crt is installed',
    size: mebibyte,
    concurrency: 8,
    atLeast: 15,
  }),
  get({ name: 'gcs-get-1k', what: 'GCS get of 1 KiB', size: kibibyte, concurrency: 32 }),
  get({ name: 'gcs-get-1m', what: 'GCS get of 1 MiB', size: mebibyte, concurrency: 8 }),
]

function put({ size, atLeast, prepare = () => {}, ...scenario }) {
  const bytes = Buffer.alloc(size, 'x')
  const clients = {
    ours: async (server) => {
      prepare()
      const store = await openGcsStore(server)
      return () => store.write(`object-${size}`, bytes)
    },
    [library]: async (server) => {
      const storage = await makeStorage(server)
      return () => storage.bucket(bucket).file(`prefix/object-${size}`).save(bytes)
    },
  }
  return { ...scenario, clients, bounds: { [library]: { atLeast } } }
}

function get({ size, ...scenario }) {
  const clients = {
    ours: async (server) => {
      const store = await openGcsStore(server)
      return () => store.read(`object-${size}`)
    },
    [library]: async (server) => {
      const storage = await makeStorage(server)
      return () => storage.bucket(bucket).file(`prefix/object-${size}`).download()
    },
  }
  return { ...scenario, clients }
}
