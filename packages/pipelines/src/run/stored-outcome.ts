/** What the artifact store says of an attempt that ran elsewhere. */
import {
  type ArtifactStore,
  type Commit,
  errorExitCodes,
  isStackError,
  type ProcessEnd,
  StackError,
  type StackErrorJson,
  type StepOutcome,
  type StepRef,
} from '@stack/core'
import { readCommit } from './commit.js'
import { readStoredError } from './stored-error.js'

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

/**
 * How an attempt ended: completed where its invocation has a commit, whoever made it; else what its `error.json` says; where it
 * left neither, what the end of its process says. Damage in the store fails the attempt.
 * @throws whatever the store throws.
 */
export async function storedOutcome(store: ArtifactStore, ref: StepRef, end?: ProcessEnd): Promise<StepOutcome> {
  try {
    const commit = await readCommit(store, ref.run, ref.invocation)
    if (commit !== null) return { status: 'completed', commit }
    const error = await storedError(store, ref)
    if (error !== null) return { status: 'failed', error }
    if (end?.exitCode === errorExitCodes.interrupted) return { status: 'cancelled' }
    return { status: 'failed', error: silentEnd(ref, end) }
  } catch (error) {
    if (!isStackError(error, 'checksum-mismatch') && !isStackError(error, 'unsupported')) throw error
    return { status: 'failed', error: failure(ref, `failed: ${error.message}`, error) }
  }
}

/** An error that cannot be read is no reason to doubt that the attempt failed: the failure says so. */
async function storedError(store: ArtifactStore, ref: StepRef): Promise<StackErrorJson | null> {
  try {
    return await readStoredError(store, ref)
  } catch (error) {
    if (!isStackError(error, 'checksum-mismatch')) throw error
    return failure(ref, `failed, and why cannot be read. ${error.message}`, error)
  }
}

function failure({ run, invocation }: StepRef, what: string, cause?: StackError): StackErrorJson {
  return new StackError('step-failed', `The step "${invocation}" ${what}`, {
    hint: cause?.code === 'unsupported' ? cause.hint : `See what it wrote: stack runs logs ${run}`,
    problems: cause?.problems ?? [],
    details: { ...cause?.details, ...(cause === undefined ? {} : { code: cause.code }), invocation },
  }).toJSON()
}

function silentEnd(ref: StepRef, end: ProcessEnd | undefined): StackErrorJson {
  return failure(ref, `failed: its process ${silence(end)}`)
}

function silence(end: ProcessEnd | undefined): string {
  if (end?.signal === 'SIGKILL') return 'was ended by SIGKILL before it gave a result, for lack of memory perhaps.'
  if (end?.signal) return `was ended by ${end.signal} before it gave a result.`
  const code = typeof end?.exitCode === 'number' ? ` with exit code ${end.exitCode}` : ''
  return `ended${code} without a result: what it wrote to stderr may say why.`
}
