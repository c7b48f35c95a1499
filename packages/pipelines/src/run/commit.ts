/** The commit of a step: the one atomic act that makes its outputs artifacts. */
import { type ArtifactStore, type Commit, isStackError, StackError } from '@stack/core'
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
  try {
    await store.write(uri, JSON.stringify(commit), { ifAbsent: true, contentType: 'application/json' })
    return { commit, adopted: false }
  } catch (error) {
    if (!isStackError(error, 'already-exists')) throw error
    const standing = await readCommit(store, commit.run, commit.invocation)
    if (standing === null) throw error
    return { commit: standing, adopted: standing.token !== commit.token }
  }
}

/** The commit of an invocation, or null where it has none. */
export async function readCommit(
  store: ArtifactStore,
  run: string,
  invocation: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Commit | null> {
  const uri = commitUri(run, invocation)
  let text: string
  try {
    text = await store.readText(uri, options)
  } catch (error) {
    if (isStackError(error, 'not-found')) return null
    throw error
  }
  const commit = parseJson(text) as Commit | undefined
  if (commit?.protocol === 1 && typeof commit.outputs === 'object') return commit
  throw new StackError('unsupported', `The commit at ${uri} is damaged, or written by a newer version of Stack.`, {
    hint: 'npm install @stack/pipelines@latest',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
