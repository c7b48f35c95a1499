/** Proving that a store can be used, with objects of its own that it removes again, and removing what killed writers left. */
import { randomUUID } from 'node:crypto'
import { StackError } from '../errors/stack-error.js'
import { Canary } from './canary.js'
import type { OperationOptions, VerifyCheck } from './driver.js'
import { findHidden } from './find-hidden.js'
import { removeUnfinished } from './remove-unfinished.js'
import type { StoreTree } from './store-tree.js'
import { type Finding, thrown } from './verify-finding.js'

/** Options of `verify`. */
export interface VerifyOptions extends OperationOptions {
  /** Unfinished uploads that are older are removed: those of a day unless told. 0 removes all, also those that go on. */
  readonly olderThanMs?: number
}

/** What `verify` found. */
export interface VerifyReport {
  /** In the order in which they were tried. */
  readonly checks: readonly VerifyCheck[]
  /** The keys of the unfinished uploads that were removed. */
  readonly removedUploads: readonly string[]
}

const dayMs = 24 * 60 * 60 * 1000
/** Milliseconds that the objects of the checks have to be removed in, also after an abort. */
const removalMs = 30_000

/**
 * Tries what every store does, then what is its own, then looks for what no listing shows and for unfinished uploads; what fails
 * ends nothing but itself.
 */
export async function verifyStore(tree: StoreTree, options: VerifyOptions): Promise<VerifyReport> {
  const { driver } = tree
  const { signal } = options
  const checks: VerifyCheck[] = []
  /** Runs one check, and says whether it did not fail. */
  const check = async (name: string, run: () => Promise<Finding>): Promise<boolean> => {
    const found = await run().catch((error: unknown) => {
      signal?.throwIfAborted()
      return thrown(error)
    })
    checks.push({ name, ...found })
    return found.status !== 'failed'
  }
  const canary = new Canary(tree, `.stack-verify-${randomUUID()}`, signal)
  try {
    await canary.tryAll(check)
  } finally {
    await canary.removeAll(AbortSignal.timeout(removalMs))
  }
  try {
    for await (const own of driver.verify?.({ signal }) ?? []) checks.push(own)
  } catch (error) {
    signal?.throwIfAborted()
    checks.push({ name: 'store', ...thrown(error) })
  }
  if (checks.some(({ name, status }) => name === 'list' && status === 'ok')) {
    const hidden = await findHidden(tree, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      return thrown(error)
    })
    if (hidden !== undefined) checks.push({ name: 'hidden-keys', ...hidden })
  }
  const removedUploads: string[] = []
  if (driver.unfinishedUploads !== undefined) {
    const before = Date.now() - (options.olderThanMs ?? dayMs)
    await check('unfinished-uploads', () => removeUnfinished(driver, before, removedUploads, signal))
  }
  return { checks, removedUploads }
}

/** Refuses an age that is none. */
export function checkAge(olderThanMs: number | undefined): void {
  if (olderThanMs === undefined || (typeof olderThanMs === 'number' && olderThanMs >= 0)) return
  throw new StackError('usage', 'olderThanMs is a number of milliseconds from 0 on')
}

/** The check for a store that could not even be connected. */
export function unconnected(error: unknown): VerifyReport {
  return { checks: [{ name: 'connect', ...thrown(error) }], removedUploads: [] }
}
