/** Parses `commit.json`: what it names becomes keys of the store, artifacts of the project and paths of this machine. */
import { type Commit, type CommittedOutput, type JsonValue, type Metadata, StackError, z } from '@stack/core'
import { checkShape, parseJson, parseStored, type StoredForm } from '../artifacts/stored-json.js'
import { nameProblem } from '../definition/name.js'
import { storedHash, storedSize } from '../materializers/content-hash.js'
import { attemptDirectory, commitUri } from './run-layout.js'

/** The largest commit that is written and read, in bytes: hundreds of outputs of which each is as large as may be inlined. */
export const maximumCommitBytes = 16 * 1024 * 1024

/** Whose commit it is to be. */
export interface CommitKey {
  readonly run: string
  readonly invocation: string
}

const name = z.string().refine((value) => nameProblem(value) === undefined, { error: 'this is not a name' })
const source = z.string().refine((value) => isSource(value), { error: 'this is not <invocation>.<output>' })
// Whatever JSON.parse returned is JSON; its own objects are kept, in which `__proto__` is a key like any other.
const json = z.custom<JsonValue>()
const facts = z.custom<Metadata>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
  error: 'this is not an object of named facts',
})

const output = z.object({
  uri: z.string(),
  materializer: z.string(),
  mediaType: z.string(),
  size: storedSize,
  contentHash: storedHash,
  value: json.optional(),
  metadata: facts.optional(),
})

const commit = z.object({
  protocol: z.literal(1),
  run: z.string(),
  invocation: z.string(),
  attempt: z.int().min(1),
  token: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  inputs: z.record(source, storedHash),
  outputs: z.record(name, output),
  metadata: facts,
})

const newer = z.object({ protocol: z.int().min(2) })

/** The form of one invocation's commit. */
export function commitForm(key: CommitKey): StoredForm<Commit> {
  return { name: 'commit', maximumBytes: maximumCommitBytes, parse: (text) => parse(text, key) }
}

/**
 * Parses the text of an invocation's commit.
 * @throws StackError `checksum-mismatch` where it is none, or names what is not this invocation's; `unsupported` for one of a
 * later protocol.
 */
export function parseCommit(text: string, key: CommitKey): Commit {
  return parseStored('commit', commitUri(key.run, key.invocation), () => parse(text, key))
}

function parse(text: string, key: CommitKey): Commit {
  const value = parseJson(text)
  refuseNewer(value, key)
  const parsed = checkShape(value, commit)
  if (parsed.run !== key.run || parsed.invocation !== key.invocation) {
    throw new StackError('invalid-input', 'it is the commit of another run or step')
  }
  for (const [name, output] of Object.entries(parsed.outputs)) {
    if (output.uri !== outputUri(parsed, name, output)) {
      throw new StackError('invalid-input', `its output "${name}" has the URI of something else`)
    }
  }
  return parsed
}

function refuseNewer(value: unknown, { run, invocation }: CommitKey): void {
  const { success, data } = newer.safeParse(value)
  if (!success) return
  const uri = commitUri(run, invocation)
  throw new StackError('unsupported', `The commit at ${uri} was written by a newer version of Stack.`, {
    hint: 'npm install @stack/pipelines@latest',
    details: { uri, protocol: data.protocol },
  })
}

/** Where an output of a commit is: in the commit itself, or in the directory of its attempt. */
function outputUri(commit: Commit, name: string, { value }: CommittedOutput): string {
  return value === undefined
    ? `${attemptDirectory(commit)}/${name}`
    : `${commitUri(commit.run, commit.invocation)}#/outputs/${name}`
}

function isSource(text: string): boolean {
  const names = text.split('.')
  return names.length === 2 && names.every((name) => nameProblem(name) === undefined)
}
