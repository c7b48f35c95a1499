/** Row 40: a stream opens at its first read, and a writer at its first chunk. */
import { expect } from 'vitest'
import { sampleBytes } from '../sample-bytes.js'
import { allFiles, collect, expectCode, firstRead, type StoreCase } from '../store-case.js'
import { countCalls } from '../wrapped-driver.js'

/** More than any store has connections, or a process descriptors by default. */
const many = 1000

/** Larger than what connections and streams buffer. */
const objectSize = 1_200_000

export const unreadStreamCases: readonly StoreCase[] = [
  {
    id: '40.unread',
    title: '1,000 streams that nobody reads open nothing, and reads, writes and listings go on beside them',
    anyRoot: true,
    timeoutMs: 60_000,
    async run({ store, driver }) {
      const bytes = sampleBytes(objectSize)
      await store.write('object', bytes)
      const openings = countCalls(driver, 'get')
      const streams = await Promise.all(
        Array.from({ length: many }, (_, index) =>
          index % 2 === 0 ? store.stream('object') : store.open('object', 'r', { range: { start: 1 } }),
        ),
      )
      expect(openings()).toBe(0)
      const beside = Array.from({ length: 80 }, (_, index) => `beside/${index}`)
      await Promise.all(beside.map((path) => store.write(path, path)))
      expect(await Promise.all(beside.map((path) => store.readText(path)))).toEqual(beside)
      expect(await store.listdir('')).toEqual(['beside', 'object'])
      const [first, second, ...others] = streams
      if (first === undefined || second === undefined) throw new Error('There are too few streams.')
      expect(Buffer.compare(Buffer.concat(await collect(first)), bytes)).toBe(0)
      expect(Buffer.concat(await collect(second)).length).toBe(objectSize - 1)
      await Promise.all(others.map((stream) => stream.cancel()))
    },
  },
  {
    id: '40.first-read',
    title: 'what is wrong with the object is reported at the first read, what is wrong with the call before',
    async run({ store }) {
      await store.write('dir/file', '0123456789')
      const read = (path: string, options = {}) => firstRead(store.stream(path, options))
      await expectCode(read('absent'), 'not-found', 'absent')
      await expectCode(read('dir'), 'is-a-directory', 'dir')
      await expectCode(read('dir/file', { range: { start: 11 } }), 'range-not-satisfiable')
      await expectCode(read('absent', { range: { suffix: 0 } }), 'not-found')
      await expectCode(read('dir/file', { ifMatch: 'another' }), 'precondition-failed')
      await expectCode(store.stream('../out'), 'invalid-path')
      await expectCode(store.stream('dir/file', { range: { start: -1 } }), 'range-not-satisfiable')
    },
  },
  {
    id: '40.written-before-read',
    title: 'a stream reads the object that is there at its first read',
    async run({ store }) {
      await store.write('file', 'first')
      const stream = await store.stream('file')
      const early = await store.stream('later')
      await store.write('file', 'second')
      await store.write('later', 'here')
      expect(Buffer.concat(await collect(stream)).toString()).toBe('second')
      expect(Buffer.concat(await collect(early)).toString()).toBe('here')
    },
  },
  {
    id: '40.unwritten',
    title: '200 writers that nothing was written to hold nothing, and leave nothing when they are aborted',
    anyRoot: true,
    async run({ store }) {
      const writers = await Promise.all(Array.from({ length: 200 }, (_, index) => store.writer(`unwritten/${index}`)))
      const beside = Array.from({ length: 80 }, (_, index) => `beside/${index}`)
      await Promise.all(beside.map((path) => store.write(path, path)))
      expect(await Promise.all(beside.map((path) => store.readText(path)))).toEqual(beside)
      await Promise.all(writers.map((writer) => writer.abort()))
      expect(await allFiles(store)).toEqual(beside.toSorted())
    },
  },
]
