/** Row 30: bytes that were damaged on their way are read again once, and never given to anybody. */
import { createHash } from 'node:crypto'
import { isStackError } from '@stack/core'
import { expect } from 'vitest'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { collect, expectCode, type StoreCase } from '../store-case.js'

/** As near to always as lets a path be spared after its first damage. */
const once = 0.999_999

export const damageCases: readonly StoreCase[] = [
  {
    id: '30.damaged-once',
    title: 'a flipped byte on the way is found by the caller’s checksum, and the object read again',
    needs: 'http',
    async run({ behindProxy }) {
      const { store, proxy } = await behindProxy()
      const bytes = sampleBytes(100_000)
      await store.write('object', bytes)
      proxy.setFaults(['corrupt'])
      proxy.setRate(once)
      expect(sameBytes(await store.read('object', { checksum: checksumOf(bytes) }), bytes)).toBe(true)
      expect(proxy.counts.corrupt).toBe(1)
    },
  },
  {
    id: '30.damaged-always',
    title: 'a byte that is flipped again is checksum-mismatch after two attempts',
    needs: 'http',
    async run({ behindProxy }) {
      const { store, proxy } = await behindProxy()
      const bytes = sampleBytes(100_000)
      await store.write('object', bytes)
      proxy.setFaults(['corrupt'])
      proxy.setRate(1)
      const read = store.read('object', { checksum: checksumOf(bytes) })
      const error = await read.catch((thrown: unknown) => thrown)
      await expectCode(read, 'checksum-mismatch', 'object')
      expect(isStackError(error) && error.details.attempts).toBe(2)
      expect(proxy.counts.corrupt).toBeGreaterThanOrEqual(2)
      proxy.setRate(0)
      expect(sameBytes(await store.read('object'), bytes)).toBe(true)
    },
  },
  {
    id: '30.noticed',
    title: 'a store whose objects have checksums notices a flipped byte by itself, in reads and in streams',
    needs: 'http',
    async run({ behindProxy, faults }) {
      const { store, proxy } = await behindProxy()
      const bytes = sampleBytes(300_000)
      await store.write('object', bytes)
      const { checksum } = await store.stat('object')
      // A server that keeps no checksums says so by the faults that its store survives.
      expect(checksum !== undefined, 'the checksum of a stat').toBe(faults.includes('corrupt'))
      if (checksum === undefined) return
      proxy.setFaults(['corrupt'])
      proxy.setRate(once)
      expect(sameBytes(await store.read('object'), bytes)).toBe(true)
      proxy.setRate(1)
      await expectCode(store.read('object'), 'checksum-mismatch', 'object')
      const stream = await store.stream('object')
      await expectCode(collect(stream), 'checksum-mismatch', 'object')
    },
  },
]

function checksumOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
