/** A pinned behaviour of artifact stores, as a named case. */
import {
  type ArtifactStore,
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type ErrorCode,
  isStackError,
} from '@stack/core'
import { expect } from 'vitest'
import type { FaultName } from '../fault-proxy/fault-plan.js'
import type { FaultProxy } from '../fault-proxy/fault-proxy.js'

/** A store of its own that reaches its server through a proxy. */
export interface FaultyStore {
  readonly store: ArtifactStore
  readonly proxy: FaultProxy
}

/** A store, and what is behind it. */
export interface OpenedStore {
  readonly store: ArtifactStore
  readonly driver: ArtifactStoreDriver
}

/** What a case is given: an empty store of its own. */
export interface StoreCaseContext {
  readonly store: ArtifactStore
  readonly capabilities: ArtifactStoreCapabilities
  /** What is behind the store: for what cannot be seen from before it, as uploads that were left unfinished. */
  readonly driver: ArtifactStoreDriver
  /** Makes another empty store, its root so far below a place of its own. */
  readonly storeAt: (below: string) => Promise<OpenedStore>
  /** Writes an object past the store's path rules, into the case's store unless another is given; for cases that need `plant`. */
  readonly plant: (key: string, content: string, into?: ArtifactStore) => Promise<void>
  /** Makes another empty store, behind a proxy that does nothing yet; for cases that need HTTP. */
  readonly behindProxy: () => Promise<FaultyStore>
  /** The faults that the suite says its store survives; for cases that need HTTP. */
  readonly faults: readonly FaultName[]
}

/** One case. Its id never changes: it is how a store declares that it diverges. */
export interface StoreCase {
  /** The row of the table of pinned behaviours, and a name: `1.read-absent`. */
  readonly id: string
  readonly title: string
  /**
   * The case is declared only for suites that have this. `http`: it puts a proxy before the server. `plant`: it writes objects
   * that the store would refuse to write.
   */
  readonly needs?: 'http' | 'plant'
  /** It is about connections and not about paths: it runs on one root, as those that need HTTP do. */
  readonly anyRoot?: true
  /** Milliseconds it may take, where that is longer than usual. */
  readonly timeoutMs?: number
  readonly run: (context: StoreCaseContext) => Promise<void>
}

/** Expects a rejection with a code, that names the path and the operation. */
export async function expectCode(operation: Promise<unknown>, code: ErrorCode, path?: string): Promise<void> {
  const error = await operation.then(
    () => expect.fail(`Expected ${code}, but it succeeded.`),
    (thrown: unknown) => thrown,
  )
  if (!isStackError(error)) throw error
  expect(error.code, error.message).toBe(code)
  expect(error.details).toMatchObject({ operation: expect.any(String), uri: expect.any(String) })
  if (path !== undefined) expect(error.details.uri).toContain(path)
}

/** Everything in an iterable. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of iterable) items.push(item)
  return items
}

/** The first chunk of a stream, which opens its object only then. */
export async function firstRead(stream: Promise<ReadableStream<Uint8Array>>): Promise<Uint8Array | undefined> {
  return (await (await stream).getReader().read()).value
}

/** The text of a stream. */
export async function readStream(stream: ReadableStream<Uint8Array>): Promise<string> {
  return Buffer.concat(await collect(stream)).toString('utf8')
}

/** The keys of all objects of a store, or of those below a directory, sorted. */
export async function allFiles(store: ArtifactStore, directory = ''): Promise<string[]> {
  const walked = await collect(store.walk(directory))
  return walked.flatMap(({ path, files }) => files.map((file) => (path === '' ? file : `${path}/${file}`))).sort()
}
