/** S3: listing 100,000 keys, by the page of a thousand, with what is known of each. */
import { bucket, makeS3Client, openFilesSdk, openFlystorage, openS3Store } from './peers.mjs'

const keys = 100_000

export const s3Listing = [
  {
    name: 's3-list',
    what: 'S3 listing of 100,000 keys, CPU',
    by: 'cpu',
    roundMs: 1,
    warmUpMs: 1,
    rounds: 5,
    bounds: { 'client-s3': { atLeast: 4 } },
    clients: {
      ours: async (server) => {
        const store = await openS3Store(server)
        return () => countAll(store.entries(''))
      },
      'client-s3': async (server) => {
        const client = await makeS3Client(server)
        const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3')
        return () =>
          countPages(paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: 'prefix/', Delimiter: '/' }))
      },
      flystorage: async (server) => {
        const storage = await openFlystorage(server)
        return () => countAll(storage.list(''))
      },
      'files-sdk': async (server) => {
        const files = await openFilesSdk(server)
        return () => countAll(files.listAll({ prefix: 'prefix/' }))
      },
    },
  },
]

async function countAll(entries) {
  let count = 0
  for await (const _ of entries) count += 1
  check(count)
}

async function countPages(pages) {
  let count = 0
  for await (const { Contents } of pages) count += Contents.length
  check(count)
}

function check(count) {
  if (count !== keys) throw new Error(`${count} keys were listed, not ${keys}`)
}
