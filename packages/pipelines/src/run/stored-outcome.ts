/** What the artifact store says of an attempt that ran elsewhere. */
import {
  type ArtifactStore,
  type Commit,
  isStackError,
  StackError,
  type StackErrorJson,
  type StepOutcome,
  type StepRef,
} from '@stack/core'
import { readCommit } from './commit.js'
import { errorUri } from './run-layout.js'

/** The commit of an invocation that others depend on; `not-found` where it has none. */
export async function storedCommit(
  store: ArtifactStore,
  run: string,
  invocation: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Commit> {
  const commit = await readCommit(store, run, invocation, options)
  if (commit !== null) return commit
  throw new StackError(
    'not-found',
    `The step "${invocation}" of the run ${run} has no commit: its outputs do not exist.`,
  )
}

/** How an attempt ended: completed where its invocation has a commit, whoever made it; else what its `error.json` says. */
export async function storedOutcome(store: ArtifactStore, ref: StepRef): Promise<StepOutcome> {
  const commit = await readCommit(store, ref.run, ref.invocation)
  if (commit !== null) return { status: 'completed', commit }
  return { status: 'failed', error: (await storedError(store, ref)) ?? silentEnd(ref) }
}

async function storedError(store: ArtifactStore, ref: StepRef): Promise<StackErrorJson | undefined> {
  try {
    return JSON.parse(await store.readText(errorUri(ref))) as StackErrorJson
  } catch (error) {
    if (isStackError(error, 'not-found') || error instanceof SyntaxError) return undefined
    throw error
  }
}

function silentEnd(ref: StepRef): StackErrorJson {
  return new StackError(
    'step-failed',
    `The step "${ref.invocation}" failed: its process ended without a result, killed or out of memory perhaps.`,
    { hint: `See what it wrote: stack runs logs ${ref.run}`, details: { invocation: ref.invocation } },
  ).toJSON()
}
