/** Ten thousand operations while one request in four fails in one way or another. */
import { soakArtifactStore, startFaultProxy } from '@stack/testing'
import { expect, it } from 'vitest'
import { GcsServer } from '../gcs-server/gcs-server.js'
import { errorBody } from './error-body.js'
import { makeStore } from './gcs-store.js'

it('10,000 operations with a fault in 1 of 4 requests have no failure and no wrong answer', {
  timeout: 900_000,
}, async () => {
  await using server = await GcsServer.start()
  await using proxy = await startFaultProxy({ target: server.endpoint, errorBody })
  await using store = makeStore({ path: `gs://${server.createBucket().name}`, endpoint: proxy.url })
  const report = await soakArtifactStore({ store, operations: 10_000, concurrency: 32, without: ['read-range'] })
  expect(report.corruptions).toEqual([])
  expect(report.failures).toEqual([])
  expect(report.operations).toBe(10_000)
  for (const [fault, count] of Object.entries(proxy.counts))
    if (fault !== 'skew') expect(count, fault).toBeGreaterThan(100)
  expect(server.sessions.open).toBeLessThan(proxy.counts.lost)
})
