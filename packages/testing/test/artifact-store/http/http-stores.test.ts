/** The cases about faults on the wire: a right store passes them, and what each weakness breaks is named. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArtifactStoreSuite, artifactStoreCases, runStoreCase } from '../../../src/index.js'
import { HttpStore, type Weakness } from './http-store.js'
import { type ObjectServer, startObjectServer } from './object-server.js'

let server: ObjectServer
let buckets = 0
beforeAll(async () => {
  server = await startObjectServer()
})
afterAll(() => server[Symbol.asyncDispose]())

function suite(weakness?: Weakness): ArtifactStoreSuite {
  return {
    name: weakness ?? 'http',
    http: { target: () => server.url },
    create({ below, endpoint = server.url }) {
      buckets += 1
      return new HttpStore({ endpoint, bucket: `b${buckets}`, below, ...(weakness && { weakness }) })
    },
  }
}

const wireCases = artifactStoreCases.filter(({ needs }) => needs === 'http')

describe('a right store', () => {
  test.each(wireCases.map((found) => [found.id, found] as const))(
    'passes %s',
    async (_, found) => {
      await runStoreCase(suite(), found)
      await runStoreCase(suite(), found, 'nested/root')
    },
    120_000,
  )
})

const broken: readonly [string, Weakness][] = [
  ['28.soak', 'no-retry'],
  ['28.each', 'no-retry'],
  ['28.parts', 'no-retry'],
  ['28.soak', 'no-checksum'],
  ['10.lost-answer', 'no-nonce'],
  ['28.persistent', 'exists-lies'],
  ['29.resumed', 'no-resume'],
  ['29.pinned', 'no-pin'],
  ['30.noticed', 'no-checksum'],
]

// Which of the soak's requests the proxy alters depends on how they come: a weak store may get through once.
describe('weak stores', { retry: 5 }, () => {
  test.each(broken)('fail %s with %s', async (id, weakness) => {
    const found = artifactStoreCases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`There is no case ${id}.`)
    await expect(runStoreCase(suite(weakness), found)).rejects.toThrow()
  })
})
