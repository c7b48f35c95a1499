/** The conformance kit of artifact stores: every pinned behaviour as a case, on any store. */
import type { ArtifactStore, ArtifactStoreDriver } from '@stack/core'
import { describe, expect, test } from 'vitest'
import { checkSkips, type Skips } from '../declared-skips.js'
import type { ErrorBody } from '../fault-proxy/error-answer.js'
import { commonFaults, type FaultName } from '../fault-proxy/fault-plan.js'
import { startFaultProxy } from '../fault-proxy/fault-proxy.js'
import { artifactStoreCases } from './artifact-store-cases.js'
import type { FaultyStore, OpenedStore, StoreCase } from './store-case.js'

/** Where a store's server is, for the proxy that is put before it. */
export interface StoreServer {
  /** The server's origin, as `http://127.0.0.1:9000`; asked for when a test runs. */
  readonly target: () => string | Promise<string>
  /** Bodies of errors in the words of the server's protocol. */
  readonly errorBody?: ErrorBody
  /** What the store survives; all but `skew` unless told. Leave out `corrupt` where the server keeps no checksums. */
  readonly faults?: readonly FaultName[]
}

/** What a store is made with. */
export interface CreateOptions {
  /** The root is to be this relative path below a place of its own; absent for the place itself. */
  readonly below: string | undefined
  /** Where to reach the server instead: a proxy before it. Only ever given to a suite with `http`. */
  readonly endpoint: string | undefined
}

/** What the kit needs to know of a store. */
export interface ArtifactStoreSuite {
  /** Shown in the test's name. */
  readonly name: string
  /** Makes an empty store. */
  readonly create: (options: CreateOptions) => ArtifactStore | Promise<ArtifactStore>
  /** Where the store reaches its server over plain HTTP/1.1; without it the cases about faults on the wire are not declared. */
  readonly http?: StoreServer
  /**
   * Writes an object as another program would, past the store's path rules: its key is what the keys of the store's root begin
   * with, and `key` as it stands (`a//x`, `directory/`, `..`). Rejects where the server does not take the key; cases about keys
   * that it never takes are declared in `skip`. Without it the cases about such keys are not declared.
   */
  readonly plant?: (store: ArtifactStore, key: string, bytes: Uint8Array) => Promise<void>
  /** Behaviours this store declares not to have: the case's id and the reason, which is printed. */
  readonly skip?: Skips
}

/** Where the second root of every store is, relative to a place of its own. */
const nestedRoot = 'nested/root'

/** Why cases that need something are not declared without it. */
const undeclared = { http: 'is not behind HTTP', plant: 'plants no keys' }

/** Says whether another root may make a difference. */
function dependsOnRoot({ needs, anyRoot }: StoreCase): boolean {
  return needs !== 'http' && anyRoot !== true
}

/**
 * Declares the tests of a store, twice: on a root, and on one nested below another.
 * @throws TypeError where `skip` names no case, or gives no reason.
 */
export function describeArtifactStore(suite: ArtifactStoreSuite): void {
  const skip = suite.skip ?? {}
  checkSkips('artifact store', artifactStoreCases, skip)
  const declared = artifactStoreCases.filter(({ needs }) => needs === undefined || suite[needs] !== undefined)
  for (const [need, reason] of Object.entries(undeclared)) {
    const others = artifactStoreCases.filter((one) => one.needs === need && !declared.includes(one)).map(({ id }) => id)
    if (others.length > 0) console.info(`${suite.name} ${reason}, so these are not declared: ${others.join(', ')}`)
  }
  for (const below of [undefined, nestedRoot]) {
    describe(`artifact store ${suite.name}${below === undefined ? '' : ' on a nested root'}`, () => {
      const cases = below === undefined ? declared : declared.filter(dependsOnRoot)
      for (const storeCase of cases) declare(suite, storeCase, below, skip[storeCase.id])
    })
  }
}

function declare(suite: ArtifactStoreSuite, storeCase: StoreCase, below: string | undefined, reason?: string): void {
  const title = `${storeCase.id}: ${storeCase.title}`
  if (reason !== undefined) {
    console.info(`${suite.name} does not promise ${storeCase.id}: ${reason}`)
    test.skip(`${title} (skipped: ${reason})`, () => {})
    return
  }
  test(title, () => runStoreCase(suite, storeCase, below), storeCase.timeoutMs)
}

/** Runs one case on an empty store; rejects where the store breaks it. */
export async function runStoreCase(suite: ArtifactStoreSuite, storeCase: StoreCase, below?: string): Promise<void> {
  const held: AsyncDisposable[] = []
  const hold = <T extends AsyncDisposable>(resource: T): T => {
    held.push(resource)
    return resource
  }
  expect.hasAssertions()
  try {
    const store = hold(await suite.create({ below, endpoint: undefined }))
    await storeCase.run({
      store,
      capabilities: await store.capabilities(),
      driver: await driverOf(store),
      faults: suite.http?.faults ?? commonFaults,
      async storeAt(path): Promise<OpenedStore> {
        const other = hold(await suite.create({ below: path, endpoint: undefined }))
        return { store: other, driver: await driverOf(other) }
      },
      async plant(key, content, into = store): Promise<void> {
        if (suite.plant === undefined) throw new Error(`${storeCase.id} needs to plant keys, and does not say so.`)
        await suite.plant(into, key, Buffer.from(content))
      },
      async behindProxy(): Promise<FaultyStore> {
        if (suite.http === undefined) throw new Error(`${storeCase.id} needs HTTP, and does not say so.`)
        const { target, errorBody } = suite.http
        const proxy = hold(await startFaultProxy({ target: await target(), rate: 0, ...(errorBody && { errorBody }) }))
        return { proxy, store: hold(await suite.create({ below, endpoint: proxy.url })) }
      },
    })
  } finally {
    for (const resource of held.reverse()) await resource[Symbol.asyncDispose]()
  }
}

/** The driver of a store, which is the business of its class alone outside of this kit. */
function driverOf(store: ArtifactStore): Promise<ArtifactStoreDriver> {
  return (store as unknown as { driver(): Promise<ArtifactStoreDriver> }).driver()
}
