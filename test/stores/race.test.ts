/** Two processes execute the same step at the same moment: one commit, whose outputs both take for the step's. */
import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StepOutcome } from '@stack/core'
import { readCommit } from '@stack/pipelines/host'
import { describeOnServer, type ServerName } from '@stack/test-servers'
import { expect, it } from 'vitest'
import { openStore } from './open-store.mjs'
import { placeIn, placeOn, type StorePlace } from './store-place.js'

const rounds = 12
const servers: readonly ServerName[] = ['versitygw', 'minio', 'ceph-rgw', 'fake-gcs']
const program = fileURLToPath(new URL('race-attempts.mjs', import.meta.url))

it('attempts that race on the local store leave exactly one commit', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stack-race-'))
  try {
    await race(placeIn(directory))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}, 120_000)

for (const name of servers) {
  await describeOnServer('attempts that race', name, (server) => {
    it('leave exactly one commit', async () => race(await placeOn(server())), 120_000)
  })
}

async function race(place: StorePlace): Promise<void> {
  const racers = await Promise.all([startRacer(place), startRacer(place)])
  const store = await openStore(place)
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const run = `race-${round}`
      const outcomes = await Promise.all(racers.map((racer, index) => attempt(racer, run, index + 1)))
      const commit = await readCommit(store, run, 'contested')
      if (commit === null) throw new Error(`${run} has no commit`)
      for (const outcome of outcomes) expect(outcome).toEqual({ status: 'completed', commit })
      expect(await store.glob('runs/*/contested/commit.json')).toHaveLength(round)

      const { small, large } = commit.outputs
      expect(small?.value).toEqual({ attempt: commit.attempt, run })
      const hash = createHash('sha256').update(await store.read(large?.uri ?? ''))
      expect(`sha256:${hash.digest('hex')}`).toBe(large?.contentHash)
    }
  } finally {
    for (const racer of racers) racer.kill()
    await store.dispose()
  }
}

async function startRacer(place: StorePlace): Promise<ChildProcess> {
  const racer = fork(program, [JSON.stringify(place)])
  await once(racer, 'message')
  return racer
}

async function attempt(racer: ChildProcess, run: string, number: number): Promise<StepOutcome> {
  const ref = { protocol: 1, run, invocation: 'contested', attempt: number, token: `${run}-${number}` }
  racer.send(ref)
  const [outcome] = await once(racer, 'message')
  return outcome
}
