/** The conformance kit of artifact stores: every pinned behaviour as a case, on any store. */
import type { ArtifactStore } from '@stack/core'
import { describe, expect, test } from 'vitest'
import { checkSkips, type Skips } from '../declared-skips.js'
import { concurrencyCases } from './cases/concurrency.js'
import { globbingCases } from './cases/globbing.js'
import { listingCases } from './cases/listing.js'
import { movingCases } from './cases/moving.js'
import { pathCases } from './cases/paths.js'
import { readingCases } from './cases/reading.js'
import { writingCases } from './cases/writing.js'
import { modelCases } from './model/model-cases.js'
import type { StoreCase } from './store-case.js'

/** Every case there is, in the order in which they run. */
export const artifactStoreCases: readonly StoreCase[] = [
  ...readingCases,
  ...writingCases,
  ...pathCases,
  ...listingCases,
  ...globbingCases,
  ...movingCases,
  ...concurrencyCases,
  ...modelCases,
]

/** What the kit needs to know of a store. */
export interface ArtifactStoreSuite {
  /** Shown in the test's name. */
  readonly name: string
  /** Makes an empty store; where `below` is given, its root is that relative path below a place of its own. */
  readonly create: (options: { readonly below: string | undefined }) => ArtifactStore | Promise<ArtifactStore>
  /** Behaviours this store declares not to have: the case's id and the reason, which is printed. */
  readonly skip?: Skips
}

/**
 * Declares the tests of a store, twice: on a root, and on one nested below another.
 * @throws TypeError where `skip` names no case, or gives no reason.
 */
export function describeArtifactStore(suite: ArtifactStoreSuite): void {
  const skip = suite.skip ?? {}
  checkSkips('artifact store', artifactStoreCases, skip)
  for (const below of [undefined, 'nested/root']) {
    describe(`artifact store ${suite.name}${below === undefined ? '' : ' on a nested root'}`, () => {
      for (const storeCase of artifactStoreCases) declare(suite, storeCase, below, skip[storeCase.id])
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
  test(title, async () => {
    expect.hasAssertions()
    const store = await suite.create({ below })
    try {
      await storeCase.run({ store, capabilities: await store.capabilities() })
    } finally {
      await store.dispose()
    }
  })
}
