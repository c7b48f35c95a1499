/** Thousands of random operations on a store, every byte of their answers compared with what was written. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ArtifactStore, toStackError } from '@stack/core'
import { seededRandom } from '../../seeded-random.js'
import { Corruption, SoakArea } from './soak-area.js'
import { type SoakOperation, soakOperations } from './soak-operations.js'

/** How a store is soaked. */
export interface SoakOptions {
  readonly store: ArtifactStore
  /** How many operations in all. */
  readonly operations: number
  /** 1 unless told; the same seed makes the same operations. */
  readonly seed?: number
  /** How many at once; 16 unless told. */
  readonly concurrency?: number
  /** Bytes of the largest objects, of which there are few; 6 MiB and a byte unless told. */
  readonly largest?: number
  /** Operations not to make: `read-range` where bytes are damaged, since no store has a checksum for a part of an object. */
  readonly without?: readonly SoakOperation[]
}

/** One operation that went wrong. */
export interface SoakFault {
  readonly operation: SoakOperation
  readonly path: string
  /** `corrupt` for a wrong answer, else the code of the error. */
  readonly code: string
  readonly message: string
}

/** What came of it. */
export interface SoakReport {
  readonly operations: number
  readonly counts: Readonly<Record<SoakOperation, number>>
  readonly bytesWritten: number
  readonly bytesRead: number
  /** Streams that told at their end that bytes were damaged, and were opened once more. */
  readonly streamsReadAgain: number
  /** Operations that rejected. */
  readonly failures: readonly SoakFault[]
  /** Operations that gave a wrong answer and said nothing. */
  readonly corruptions: readonly SoakFault[]
}

/**
 * Makes random operations (bytes, files and streams; up and down; ranges, copies, listings, deletes) below `soak/` of a store and
 * compares every answer. Never rejects for what the store does: that is what the report tells.
 */
export async function soakArtifactStore(options: SoakOptions): Promise<SoakReport> {
  const { store, operations, seed = 1, concurrency = 16, largest = 6 * 2 ** 20 + 1, without = [] } = options
  const counts = Object.fromEntries(Object.keys(soakOperations).map((name) => [name, 0])) as Record<
    SoakOperation,
    number
  >
  const failures: SoakFault[] = []
  const corruptions: SoakFault[] = []
  const directory = await mkdtemp(join(tmpdir(), 'stack-soak-'))
  const areas = Array.from({ length: concurrency }, (_, index) => {
    const random = seededRandom(seed * 1000 + index)
    return new SoakArea({ store, random, largest, path: `soak/${index}`, file: join(directory, String(index)) })
  })
  // Each has its own share and its own random numbers, so that no answer's speed decides what is made.
  const work = async (area: SoakArea, index: number): Promise<void> => {
    for (let made = index; made < operations; made += concurrency) {
      const operation = area.choose(soakOperations, without)
      counts[operation] += 1
      try {
        await soakOperations[operation].run(area)
      } catch (error) {
        const fault = { operation, path: area.current, message: String(error) }
        if (error instanceof Corruption) corruptions.push({ ...fault, code: 'corrupt' })
        else failures.push({ ...fault, code: toStackError(error).code })
        area.forget()
      }
    }
  }
  try {
    await Promise.all(areas.map(work))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  const sum = (count: (area: SoakArea) => number): number => areas.reduce((total, area) => total + count(area), 0)
  return {
    ...{ operations, counts, failures, corruptions },
    bytesWritten: sum((area) => area.bytesWritten),
    bytesRead: sum((area) => area.bytesRead),
    streamsReadAgain: sum((area) => area.streamsReadAgain),
  }
}
