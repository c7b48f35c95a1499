/** Ten thousand operations with a fault in one of four requests: none fails, none gives a wrong answer. */
import { describeOnServer } from '@stack/test-servers'
import { commonFaults, soakArtifactStore, startFaultProxy } from '@stack/testing'
import { expect, it } from 'vitest'
import { errorBody } from './error-body.js'
import { openStore } from './open-store.js'

const operations = 10_000
/** Most of it is waiting for pauses to end, so many go on at once. */
const concurrency = 96

await describeOnServer('the soak', 'versitygw', (server) => {
  it(`makes ${operations} operations`, { timeout: 600_000 }, async () => {
    await using proxy = await startFaultProxy({
      target: server().endpoint,
      faults: [...commonFaults, 'skew'],
      errorBody,
    })
    const path = `s3://${await server().createBucket()}/soak`
    await using store = openStore({ ...server(), endpoint: proxy.url }, path, { checksums: 'when-supported' })
    const began = performance.now()
    const report = await soakArtifactStore({
      ...{ store, operations, concurrency, largest: 2 ** 18 },
      // No server has a checksum for a part of an object.
      without: ['read-range'],
    })
    const seconds = Math.round((performance.now() - began) / 1000)
    console.info(`${operations} operations took ${seconds} s: ${JSON.stringify({ faults: proxy.counts, ...report })}`)
    expect(report.corruptions).toEqual([])
    expect(report.failures).toEqual([])
    expect(report.operations).toBe(operations)
    for (const [fault, count] of Object.entries(proxy.counts)) expect(count, fault).toBeGreaterThan(0)
  })
})
