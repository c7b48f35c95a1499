/** The bytes of an artifact, verified by the hash that its record has. */
import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
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
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (artifact.uri.includes('#/outputs/') || artifact.size <= maximumAtOnce) {
    yield await readArtifact(artifact, store)
    return
  }
  const hash = createHash('sha256')
  const chunks = await store.stream(artifact.uri, signal === undefined ? {} : { signal })
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
  options: { readonly store: ArtifactStore; readonly signal: AbortSignal },
): Promise<void> {
  const file = await create(path)
  try {
    for await (const chunk of streamArtifact(artifact, options.store, options.signal)) await file.writeFile(chunk)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
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

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'EEXIST') {
      throw new StackError('already-exists', `${path} exists already.`, {
        hint: 'Give a path where nothing is.',
        cause,
      })
    }
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new StackError('not-found', `The directory of ${path} is not there.`, { hint: 'Make it first.', cause })
    }
    const isRefused = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
    throw isRefused ? new StackError('permission-denied', `${path} cannot be written.`, { cause }) : cause
  }
}

function verify(artifact: ArtifactRecord, hash: Hash): void {
  if (`sha256:${hash.digest('hex')}` !== artifact.contentHash) throw changed(artifact)
}

function changed({ id, name, uri }: ArtifactRecord): StackError {
  const message = `The artifact "${name}" at ${uri} is not what its step committed: its bytes changed.`
  return new StackError('checksum-mismatch', message, { hint: `stack artifact describe ${id}` })
}
