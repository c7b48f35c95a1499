/** The commit of a step: the one atomic act that makes its outputs artifacts. */
import { type ArtifactStore, type Commit, isStackError, StackError } from '@stack/core'
import { readStored } from '../artifacts/stored-json.js'
import { commitForm, maximumCommitBytes } from './parse-commit.js'
import { commitUri } from './run-layout.js'

/** What became of an attempt's commit. */
export interface CommitResult {
  /** The commit that stands: one's own, or that of the attempt that was first. */
  readonly commit: Commit
  /** Whether another attempt was first, whose result is adopted. */
  readonly adopted: boolean
}

/**
 * Creates a commit unless one is there; where one is, that one stands. A commit with one's own token is one's own write,
 * answered late. No signal: once begun, a commit is made or not, and the answer says which.
 */
export async function writeCommit(store: ArtifactStore, commit: Commit): Promise<CommitResult> {
  const uri = commitUri(commit.run, commit.invocation)
  const text = JSON.stringify(commit)
  if (Buffer.byteLength(text) > maximumCommitBytes) throw tooLarge(commit)
  try {
    await store.write(uri, text, { ifAbsent: true, contentType: 'application/json' })
    return { commit, adopted: false }
  } catch (error) {
    if (!isStackError(error, 'already-exists')) throw error
    const standing = await readCommit(store, commit.run, commit.invocation)
    if (standing === null) throw error
    return { commit: standing, adopted: standing.token !== commit.token }
  }
}

/**
 * The commit of an invocation, or null where it has none.
 * @throws StackError `checksum-mismatch` for one that is damaged, `unsupported` for one of a later version; whatever the store
 * throws.
 */
export async function readCommit(
  store: ArtifactStore,
  run: string,
  invocation: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Commit | null> {
  try {
    return await readStored(store, commitUri(run, invocation), { ...commitForm({ run, invocation }), ...options })
  } catch (error) {
    if (isStackError(error, 'not-found')) return null
    throw error
  }
}

function tooLarge({ invocation }: Commit): StackError {
  const limit = maximumCommitBytes / 1024 ** 2
  return new StackError(
    'invalid-output',
    `The step "${invocation}" cannot be committed: its small outputs and its metadata are larger than ${limit} MiB together.`,
    { hint: 'Log fewer facts with logMetadata, and return large data as an output.' },
  )
}
