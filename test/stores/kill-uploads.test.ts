/** `kill -9` in the middle of uploads: every object that shows is whole, and `verify` removes what was left of the others. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import type { ArtifactStore } from '@stack/core'
import { describeOnServer, type RunningServer } from '@stack/test-servers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from './open-store.mjs'
import { placeIn, placeOn, type StorePlace } from './store-place.js'

const program = fileURLToPath(new URL('upload-objects.mjs', import.meta.url))
/** A process is killed within the time in which one that is left alone writes so many objects. */
const objects = 4

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-kill-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('leaves no half object in the local store, after 25 kills', async () => {
  const root = join(directory, 'store')
  await killUploads(placeIn(root), 25)
  await using store = await openStore(placeIn(root))
  expect(await countWholeObjects(store)).toBeGreaterThan(0)
  const left = await readdir(join(root, '.stack-tmp'))
  expect(left.length).toBeGreaterThan(0)
  const { removedUploads } = await store.verify({ olderThanMs: 0 })
  expect(removedUploads).toHaveLength(left.length)
  expect(await readdir(join(root, '.stack-tmp'))).toEqual([])
}, 300_000)

for (const [name, kills] of [
  ['versitygw', 25],
  ['minio', 10],
  ['ceph-rgw', 10],
] as const) {
  await describeOnServer('killed uploads', name, (server) => {
    it(`leave no half object, after ${kills} kills, and nothing that verify does not remove`, async () => {
      const place = await placeOn(server())
      await killUploads(place, kills)
      let left = await settledUploads(server(), place)
      // Kills at random moments may all have come between two uploads.
      for (let more = 0; left.length === 0 && more < 5; more += 1) {
        await killUploads(place, kills)
        left = await settledUploads(server(), place)
      }
      await using store = await openStore(place)
      expect(await countWholeObjects(store)).toBeGreaterThan(0)
      expect(left.length).toBeGreaterThan(0)
      const { removedUploads } = await store.verify({ olderThanMs: 0 })
      expect([...removedUploads].map((key) => `artifacts/${key}`).sort()).toEqual([...left].sort())
      expect(await unfinishedUploads(server(), place)).toEqual([])
    }, 300_000)
  })
}

// Google lists no unfinished uploads, and forgets them after a week: there is nothing that verify could remove.
await describeOnServer('killed uploads', 'fake-gcs', (server) => {
  it('leave no half object, after 10 kills', async () => {
    const place = await placeOn(server())
    await killUploads(place, 10)
    await using store = await openStore(place)
    expect(await countWholeObjects(store)).toBeGreaterThan(0)
  }, 300_000)
})

/** Lets processes upload, one after the other, and kills each at a random moment. */
async function killUploads(place: StorePlace, kills: number): Promise<void> {
  const first = await startUploading(place)
  const began = performance.now()
  for (let written = 0; written < objects; written += 1) await once(first.lines, 'line')
  const longest = Math.ceil(performance.now() - began)
  await kill(first.uploader)
  for (let killed = 1; killed < kills; killed += 1) {
    const { uploader } = await startUploading(place)
    await pause(randomInt(longest))
    await kill(uploader)
  }
}

async function startUploading(
  place: StorePlace,
): Promise<{ readonly uploader: ChildProcess; readonly lines: Interface }> {
  const uploader = spawn(process.execPath, [program, JSON.stringify(place), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(uploader.stdout)
  await once(lines, 'line')
  return { uploader, lines }
}

async function kill(uploader: ChildProcess): Promise<void> {
  uploader.kill('SIGKILL')
  const [, signal] = await once(uploader, 'exit')
  expect(signal, 'the process ended by itself').toBe('SIGKILL')
}

/** Reads every object; each must be what its name says. */
async function countWholeObjects(store: ArtifactStore): Promise<number> {
  const keys = await store.glob('**')
  for (const key of keys) {
    const bytes = await store.read(key)
    const hash = createHash('sha256').update(bytes).digest('hex')
    expect(key.split('-').slice(2)).toEqual([String(bytes.length), hash])
  }
  return keys.length
}

/** The keys of the uploads, once the server is done with what had reached it when its client was killed. */
async function settledUploads(server: RunningServer, place: StorePlace): Promise<readonly string[]> {
  let uploads = await unfinishedUploads(server, place)
  for (;;) {
    await pause(1000)
    const later = await unfinishedUploads(server, place)
    if (isDeepStrictEqual(later, uploads)) return uploads
    uploads = later
  }
}

/** The keys of the multipart uploads that the server itself lists. */
async function unfinishedUploads(server: RunningServer, place: StorePlace): Promise<readonly string[]> {
  const { endpoint, region, credentials } = server
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  try {
    const Bucket = new URL(String(place.config.path)).host
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
    return Uploads.map(({ Key }) => Key ?? '')
  } finally {
    client.destroy()
  }
}
