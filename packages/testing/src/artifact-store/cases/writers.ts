/** Row 43: a writer that was closed finishes, whatever is called after. */
import type { WritableChunk } from '@stack/core'
import { expect } from 'vitest'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { allFiles, expectCode, type StoreCase } from '../store-case.js'

export const writerCases: readonly StoreCase[] = [
  {
    id: '43.closed-twice',
    title: 'a second close and a late write are usage, and the first close finishes, in one part and in several',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      for (const size of [0, 7, partSize * 2 + 1]) {
        const bytes = sampleBytes(size)
        const writer = await store.writer('object', { partSize })
        if (size > 0) await writer.write(bytes)
        const calls = [writer.close(), writer.close(), writer.write('late')] as const
        const [first, second, late] = await Promise.allSettled(calls)
        expect(first).toMatchObject({ status: 'fulfilled', value: { size } })
        for (const refused of [second, late]) {
          expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'usage' } })
        }
        await expectCode(writer.close(), 'usage', 'object')
        await expectCode(writer.write('late'), 'usage', 'object')
        await writer.abort()
        expect(sameBytes(await store.read('object'), bytes), String(size)).toBe(true)
        await store.remove('object')
      }
      await expectNoUploads(driver)
    },
  },
  {
    id: '43.unawaited',
    title: 'writes that are not waited for are in the object in their order, also where close is not either',
    async run({ store }) {
      const writer = await store.writer('object')
      const chunks = Array.from({ length: 50 }, (_, index) => `${index},`)
      const writing = Promise.all(chunks.map((chunk) => writer.write(chunk)))
      const closing = writer.close()
      await writer.abort()
      await Promise.all([writing, closing])
      expect(await store.readText('object')).toBe(chunks.join(''))
    },
  },
  {
    id: '43.disposed',
    title: 'disposing of a writer waits for a close that is under way, and aborts one that was not closed',
    async run({ store }) {
      const leave = async (path: string, closed: boolean): Promise<void> => {
        await using writer = await store.writer(path)
        await writer.write('content')
        if (closed) writer.close().catch(() => {})
      }
      await leave('closed', true)
      await leave('left', false)
      expect(await store.readText('closed')).toBe('content')
      expect(await allFiles(store)).toEqual(['closed'])
    },
  },
  {
    id: '43.failed-write',
    title: 'a writer whose write failed, or that was aborted, leaves the target, and its close rejects',
    async run({ store }) {
      await store.write('kept', 'old')
      const failed = await store.writer('kept')
      await failed.write('new')
      await expectCode(failed.write(42 as unknown as WritableChunk), 'usage')
      await expectCode(failed.close(), 'usage')
      const aborted = await store.writer('kept')
      await aborted.write('new')
      await Promise.all([aborted.abort(), aborted.abort()])
      await expectCode(aborted.close(), 'usage')
      expect(await store.readText('kept')).toBe('old')
      expect(await allFiles(store)).toEqual(['kept'])
    },
  },
]
