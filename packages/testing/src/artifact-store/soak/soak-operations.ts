/** The operations a soak makes. */
import { readFile, writeFile } from 'node:fs/promises'
import { isStackError } from '@stack/core'
import { oddChunks } from '../sample-bytes.js'
import { collect } from '../store-case.js'
import { Corruption, type SoakArea } from './soak-area.js'

interface Operation {
  /** How often it is made, against the others. */
  readonly weight: number
  readonly needsObject: boolean
  readonly run: (area: SoakArea) => Promise<void>
}

export type SoakOperation =
  | 'write-bytes'
  | 'write-stream'
  | 'write-file'
  | 'write-chunks'
  | 'create'
  | 'read'
  | 'read-range'
  | 'read-stream'
  | 'read-into'
  | 'read-file'
  | 'copy'
  | 'list'
  | 'remove'

/** Every operation by name. */
export const soakOperations: Readonly<Record<SoakOperation, Operation>> = {
  'write-bytes': {
    ...{ weight: 3, needsObject: false },
    async run(area) {
      const { path, bytes, done } = area.next()
      await area.store.write(path, bytes)
      done()
    },
  },
  'write-stream': {
    ...{ weight: 2, needsObject: false },
    async run(area) {
      const { path, bytes, done } = area.next()
      await area.store.write(path, oddChunks(bytes, 1 + Math.floor(area.random() * 1000)))
      done()
    },
  },
  'write-file': {
    ...{ weight: 2, needsObject: false },
    async run(area) {
      const { path, bytes, done } = area.next()
      await writeFile(area.file, bytes)
      await area.store.upload(area.file, path)
      done()
    },
  },
  'write-chunks': {
    ...{ weight: 1, needsObject: false },
    async run(area) {
      const { path, bytes, done } = area.next()
      const writer = await area.store.writer(path)
      for await (const chunk of oddChunks(bytes, 5000)) await writer.write(chunk)
      await writer.close()
      done()
    },
  },
  create: {
    ...{ weight: 1, needsObject: false },
    async run(area) {
      const { path, bytes, existed, done } = area.next()
      try {
        await area.store.write(path, bytes, { ifAbsent: true })
      } catch (error) {
        if (existed !== false && isStackError(error, 'already-exists')) return
        throw error
      }
      if (existed === true) throw new Corruption(`${path} exists and was created all the same`)
      done()
    },
  },
  read: {
    ...{ weight: 4, needsObject: true },
    async run(area) {
      const { path, bytes } = area.existing()
      area.check(await area.store.read(path), bytes)
    },
  },
  'read-range': {
    ...{ weight: 1, needsObject: true },
    async run(area) {
      const { path, bytes } = area.existing()
      const start = Math.floor(area.random() * bytes.length)
      const end = start + Math.floor(area.random() * (bytes.length - start + 1))
      area.check(await area.store.read(path, { range: { start, end } }), bytes.subarray(start, end))
    },
  },
  'read-stream': {
    ...{ weight: 3, needsObject: true },
    async run(area) {
      const { path, bytes } = area.existing()
      const read = async (): Promise<Uint8Array> => Buffer.concat(await collect(await area.store.stream(path)))
      try {
        area.check(await read(), bytes)
      } catch (error) {
        // What a stream has given it cannot take back: its reader is told of the damage, and opens another.
        if (!isStackError(error, 'checksum-mismatch')) throw error
        area.streamsReadAgain += 1
        area.check(await read(), bytes)
      }
    },
  },
  'read-into': {
    ...{ weight: 1, needsObject: true },
    async run(area) {
      const { path, bytes } = area.existing()
      const memory = new Uint8Array(bytes.length)
      area.check(memory.subarray(0, await area.store.readInto(path, memory)), bytes)
    },
  },
  'read-file': {
    ...{ weight: 2, needsObject: true },
    async run(area) {
      const { path, bytes } = area.existing()
      await area.store.download(path, area.file)
      area.check(await readFile(area.file), bytes)
    },
  },
  copy: {
    ...{ weight: 1, needsObject: true },
    async run(area) {
      const { path, bytes } = area.existing()
      await area.store.copyfile(path, `${path} copy`, { overwrite: true })
      area.check(await area.store.read(`${path} copy`), bytes)
      await area.store.remove(`${path} copy`)
    },
  },
  list: {
    ...{ weight: 2, needsObject: true },
    async run(area) {
      area.current = ''
      const expected = area.expectedEntries()
      const found = new Map((await collect(area.store.entries(area.path))).map(({ name, size }) => [name, size]))
      for (const [name, size] of expected) {
        if (size !== null && found.get(name) !== size) throw new Corruption(`${name} is not listed with ${size} bytes`)
      }
      for (const name of found.keys()) {
        // A copy that failed may have left one.
        if (!expected.has(name) && !name.endsWith(' copy')) throw new Corruption(`${name} is listed, but is not there`)
      }
    },
  },
  remove: {
    ...{ weight: 2, needsObject: true },
    async run(area) {
      const { path } = area.existing()
      await area.store.remove(path)
      area.removed(path)
    },
  },
}
