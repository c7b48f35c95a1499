/** The bytes of an artifact, verified by the hash that its record has. */
import { createHash, type Hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type ArtifactRecord, type ArtifactStore, StackError } from '@stack/core'

/** Up to this size, in bytes, nothing is given before all is verified. */
const maximumAtOnce = 8 * 1024 * 1024

/** All bytes at once. */
export async function readArtifact(artifact: ArtifactRecord, store: ArtifactStore): Promise<Uint8Array> {
  const [path = '', inline] = artifact.uri.split('#/outputs/')
  return inline === undefined
    ? store.read(path, { checksum: artifact.contentHash })
    : readInline(artifact, { path, inline, store })
}

/** The bytes as they come, a large artifact's verified at their end. */
export async function* streamArtifact(
  artifact: ArtifactRecord,
  store: ArtifactStore,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (artifact.uri.includes('#/outputs/') || artifact.size <= maximumAtOnce) {
    yield await readArtifact(artifact, store)
    return
  }
  const hash = createHash('sha256')
  const chunks = await store.stream(artifact.uri)
  for await (const chunk of chunks as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    yield chunk
  }
  verify(artifact, hash)
}

/**
 * Writes a file where none is; what fails leaves none.
 * @throws StackError `already-exists`, `checksum-mismatch`.
 */
export async function writeArtifact(
  artifact: ArtifactRecord,
  path: string,
  { store, signal }: { readonly store: ArtifactStore; readonly signal: AbortSignal },
): Promise<void> {
  const { uri, contentHash } = artifact
  if (existsSync(path)) {
    throw new StackError('already-exists', `${path} exists already.`, { hint: 'Give a path where nothing is.' })
  }
  if (!uri.includes('#/outputs/')) await store.download(uri, path, { checksum: contentHash, signal })
  else await writeFile(path, await readArtifact(artifact, store), { flag: 'wx' })
}

/** The JSON of a value that its step's commit holds. */
async function readInline(
  artifact: ArtifactRecord,
  { path, inline, store }: { readonly path: string; readonly inline: string; readonly store: ArtifactStore },
): Promise<Uint8Array> {
  const commit = JSON.parse(await store.readText(path)) as { outputs?: Record<string, { value?: unknown }> }
  const output = commit.outputs?.[inline]
  if (output === undefined || !('value' in output)) throw changed(artifact)
  const text = JSON.stringify(output.value)
  verify(artifact, createHash('sha256').update(text))
  return Buffer.from(text)
}

function verify(artifact: ArtifactRecord, hash: Hash): void {
  if (`sha256:${hash.digest('hex')}` !== artifact.contentHash) throw changed(artifact)
}

function changed({ id, name, uri }: ArtifactRecord): StackError {
  const message = `The artifact "${name}" at ${uri} is not what its step committed: its bytes changed.`
  return new StackError('checksum-mismatch', message, { hint: `stack artifact describe ${id}` })
}
