/** Row 27: streams that nobody reads to the end hold nothing for long. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ArtifactStore } from '@stack/core'
import { expect } from 'vitest'
import { sampleBytes } from '../sample-bytes.js'
import type { StoreCase } from '../store-case.js'

/** How many streams in all, and how many of them at once before what was dropped is collected. */
const streams = { total: 240, atOnce: 60 }

/** Larger than what connections and streams buffer. */
const objectSize = 1_000_000

export const droppingCases: readonly StoreCase[] = [
  {
    id: '27.cancelled',
    title: 'hundreds of streams cancelled unread or half-read leave the store as quick as before',
    anyRoot: true,
    timeoutMs: 60_000,
    async run({ store }) {
      await store.write('object', sampleBytes(objectSize))
      for (let opened = 0; opened < streams.total; opened += streams.atOnce) {
        await Promise.all(
          Array.from({ length: streams.atOnce }, async (_, index) => {
            const reader = (await store.stream('object')).getReader()
            if (index % 2 === 1) await reader.read()
            await reader.cancel()
          }),
        )
      }
      await expectReads(store)
    },
  },
  {
    id: '27.dropped',
    title: 'hundreds of streams dropped unread or half-read are collected, and reads go on',
    anyRoot: true,
    timeoutMs: 60_000,
    async run({ store }) {
      await store.write('object', sampleBytes(objectSize))
      const collectGarbage = exposeCollector()
      for (let opened = 0; opened < streams.total; opened += streams.atOnce) {
        await openAndDrop(store)
        // A turn for what finds that a stream is gone, and one for what it releases.
        collectGarbage()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await expectReads(store)
    },
  },
]

async function openAndDrop(store: ArtifactStore): Promise<void> {
  await Promise.all(
    Array.from({ length: streams.atOnce }, async (_, index) => {
      const stream = await store.stream('object')
      if (index % 2 === 0) return
      const reader = stream.getReader()
      await reader.read()
      reader.releaseLock()
    }),
  )
}

async function expectReads(store: ArtifactStore): Promise<void> {
  await store.write('after', 'content')
  const texts = await Promise.all(Array.from({ length: 100 }, () => store.readText('after')))
  expect(new Set(texts)).toEqual(new Set(['content']))
  expect((await store.read('object')).length).toBe(objectSize)
}

/** The collector, which is not exposed by default: that it runs must not depend on how much memory a machine has. */
function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
