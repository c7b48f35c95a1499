/** A part of a store that one sequence of operations has for itself, and what should be in it. */
import type { ArtifactStore } from '@stack/core'
import { sameBytes, sampleBytes } from '../sample-bytes.js'

/** An answer that is wrong. */
export class Corruption extends Error {
  override readonly name = 'Corruption'
}

/** How many objects an area has at most. */
const slots = 12

export class SoakArea {
  readonly store: ArtifactStore
  readonly path: string
  /** A local file to write from and to. */
  readonly file: string
  readonly random: () => number
  /** What the present operation is about. */
  current = ''
  bytesWritten = 0
  bytesRead = 0
  streamsReadAgain = 0
  readonly #largest: number
  /** Absent where nothing is; null where that is not known, since an operation failed. */
  readonly #contents = new Map<string, { readonly seed: number; readonly size: number } | null>()

  constructor(options: {
    readonly store: ArtifactStore
    readonly path: string
    readonly file: string
    readonly random: () => number
    readonly largest: number
  }) {
    this.store = options.store
    this.path = options.path
    this.file = options.file
    this.random = options.random
    this.#largest = options.largest
  }

  /** Chooses an operation by weight, among those that need an object only where there is one. */
  choose<Name extends string>(
    operations: Readonly<Record<Name, { readonly weight: number; readonly needsObject: boolean }>>,
    without: readonly Name[],
  ): Name {
    const hasObject = this.#known().length > 0
    const entries = (Object.entries(operations) as [Name, (typeof operations)[Name]][]).filter(
      ([name, { needsObject }]) => (hasObject || !needsObject) && !without.includes(name),
    )
    let at = this.random() * entries.reduce((sum, [, { weight }]) => sum + weight, 0)
    const found = entries.find(([, { weight }]) => {
      at -= weight
      return at < 0
    })
    return (found ?? entries[0] ?? ['' as Name])[0]
  }

  /** New content for a place. */
  next(): { readonly path: string; readonly bytes: Uint8Array; readonly existed: boolean | null; done(): void } {
    const path = `${this.path}/object ${Math.floor(this.random() * slots)}+é`
    const content = { seed: Math.floor(this.random() * 2 ** 31), size: this.#size() }
    const before = this.#contents.get(path)
    this.current = path
    return {
      path,
      bytes: sampleBytes(content.size, content.seed),
      existed: before === null ? null : before !== undefined,
      done: () => {
        this.#contents.set(path, content)
        this.bytesWritten += content.size
      },
    }
  }

  /** An object that is there, and what it should hold. */
  existing(): { readonly path: string; readonly bytes: Uint8Array } {
    const known = this.#known()
    const [path, { seed, size }] = known[Math.floor(this.random() * known.length)] ?? ['', { seed: 0, size: 0 }]
    this.current = path
    return { path, bytes: sampleBytes(size, seed) }
  }

  /** Notes that an object is gone. */
  removed(path: string): void {
    this.#contents.delete(path)
  }

  /** Compares what was read. */
  check(found: Uint8Array, expected: Uint8Array): void {
    this.bytesRead += found.length
    if (sameBytes(found, expected)) return
    const at = expected.findIndex((byte, index) => byte !== found[index])
    throw new Corruption(
      `${found.length} bytes were read where ${expected.length} were written; they differ from ${at} on`,
    )
  }

  /** The names and sizes that should be there; null for a size that is not known. */
  expectedEntries(): ReadonlyMap<string, number | null> {
    return new Map(
      [...this.#contents].map(([path, content]) => [path.slice(this.path.length + 1), content?.size ?? null]),
    )
  }

  /** Notes that nobody knows what the last operation left. */
  forget(): void {
    if (this.current !== '') this.#contents.set(this.current, null)
  }

  #known(): [string, { readonly seed: number; readonly size: number }][] {
    return [...this.#contents].flatMap(([path, content]) => (content === null ? [] : [[path, content]]))
  }

  /** Most objects are small; few are as large as allowed. */
  #size(): number {
    const kind = this.random()
    const limit = kind < 0.65 ? 4096 : kind < 0.93 ? 262_144 : kind < 0.99 ? 2_097_152 : 0
    return limit === 0 ? this.#largest : Math.min(this.#largest, Math.floor(this.random() * limit))
  }
}
