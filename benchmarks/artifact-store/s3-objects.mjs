/** S3: objects that one request carries, from memory and into it. */
import { bucket, makeS3Client, openFilesSdk, openFlystorage, openS3Store, openUndici, openUnstorage } from './peers.mjs'

const kibibyte = 1024
const mebibyte = 1024 ** 2

export const s3Objects = [
  put({
    name: 's3-put-1k',
    what: 'S3 put of 1 KiB',
    size: kibibyte,
    concurrency: 32,
    bounds: { 'client-s3': { atLeast: 6 }, flystorage: { atLeast: 8 } },
  }),
  get({
    name: 's3-get-1k',
    what: 'S3 get of 1 KiB',
    size: kibibyte,
    concurrency: 32,
    bounds: { 'client-s3': { atLeast: 6 }, flystorage: { atLeast: 8 } },
  }),
  put({
    name: 's3-put-1m',
    what: 'S3 put of 1 MiB with CRC',
    size: mebibyte,
    concurrency: 8,
    bounds: { 'client-s3': { atLeast: 3 } },
  }),
  get({
    name: 's3-get-1m',
    what: 'S3 get of 1 MiB into new memory',
    size: mebibyte,
    concurrency: 8,
    bare: true,
    bounds: { 'client-s3': { atLeast: 3 } },
  }),
  get({
    name: 's3-get-into-1m',
    what: 'S3 get of 1 MiB into memory used before',
    size: mebibyte,
    concurrency: 8,
    ours: (store, path, size) => {
      const memories = []
      return async () => {
        const memory = memories.pop() ?? new Uint8Array(size)
        await store.readInto(path, memory)
        memories.push(memory)
      }
    },
    bounds: { 'client-s3': { atLeast: 3 } },
  }),
]

function put({ size, ...scenario }) {
  const key = `prefix/object-${size}`
  const bytes = Buffer.alloc(size, 'x')
  const clients = {
    ours: async (server) => {
      const store = await openS3Store(server)
      return () => store.write(`object-${size}`, bytes)
    },
    'client-s3': async (server) => {
      const client = await makeS3Client(server)
      const { PutObjectCommand } = await import('@aws-sdk/client-s3')
      return () => client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))
    },
    flystorage: async (server) => {
      const storage = await openFlystorage(server)
      return () => storage.write(`object-${size}`, bytes)
    },
    unstorage: async (server) => {
      const storage = await openUnstorage(server)
      return () => storage.setItemRaw(key, bytes)
    },
    'files-sdk': async (server) => {
      const files = await openFilesSdk(server)
      return () => files.upload(key, bytes)
    },
  }
  return { ...scenario, clients }
}

function get({ size, ours = (store, path) => () => store.read(path), bare = false, ...scenario }) {
  const key = `prefix/object-${size}`
  const clients = {
    ours: async (server) => {
      const store = await openS3Store(server)
      return ours(store, `object-${size}`, size)
    },
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
    unstorage: async (server) => {
      const storage = await openUnstorage(server)
      return () => storage.getItemRaw(key)
    },
    'files-sdk': async (server) => {
      const files = await openFilesSdk(server)
      return async () => (await files.download(key)).arrayBuffer()
    },
    ...(bare && {
      undici: async (server) => {
        const undici = await openUndici(server)
        return () => undici.get(key)
      },
    }),
  }
  return { ...scenario, clients }
}
