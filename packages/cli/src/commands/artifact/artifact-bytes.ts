/** The bytes of an artifact, verified by the hash and the size that its record has; no more than those are read. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { type ArtifactRecord, type ArtifactStore, StackError } from '@stack/core'
import type { Project } from '@stack/project'
import { importPipelines } from '../../program/pipelines-package.js'

/** Up to this size, in bytes, nothing is given before all is verified. */
const maximumAtOnce = 8 * 1024 * 1024

/** Where an artifact is read from. */
export interface ArtifactSource {
  readonly store: ArtifactStore
  readonly project: Project
  readonly signal?: AbortSignal
}

/** All bytes at once. */
export async function readArtifact(artifact: ArtifactRecord, source: ArtifactSource): Promise<Uint8Array> {
  if (isInline(artifact)) return readInline(artifact, source)
  const { uri, size, contentHash } = artifact
  const bytes = await source.store.read(uri, { checksum: contentHash, range: { start: 0, end: size + 1 } })
  verify(artifact, { contentHash, size: bytes.length })
  return bytes
}

/** The bytes as they come, a large artifact's verified at their end. */
export async function* streamArtifact(
  artifact: ArtifactRecord,
  source: ArtifactSource,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (isInline(artifact) || artifact.size <= maximumAtOnce) {
    yield await readArtifact(artifact, source)
    return
  }
  const hash = createHash('sha256')
  let size = 0
  const chunks = await source.store.stream(artifact.uri)
  for await (const chunk of chunks as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > artifact.size) throw changed(artifact)
    hash.update(chunk)
    yield chunk
  }
  verify(artifact, { contentHash: `sha256:${hash.digest('hex')}`, size })
}

/**
 * Writes a file where none is; what fails leaves none.
 * @throws StackError `already-exists`, `checksum-mismatch`.
 */
export async function writeArtifact(artifact: ArtifactRecord, path: string, source: ArtifactSource): Promise<void> {
  const { uri, contentHash } = artifact
  const { store, signal } = source
  if (existsSync(path)) {
    throw new StackError('already-exists', `${path} exists already.`, { hint: 'Give a path where nothing is.' })
  }
  if (isInline(artifact)) return writeFile(path, await readInline(artifact, source), { flag: 'wx' })
  const { size } = await store.download(uri, path, {
    checksum: contentHash,
    ...(signal === undefined ? {} : { signal }),
  })
  if (size !== artifact.size) await rm(path, { force: true })
  verify(artifact, { contentHash, size })
}

/** Whether the commit of its step holds the value. */
function isInline({ uri }: ArtifactRecord): boolean {
  return uri.includes('#/outputs/')
}

/** The JSON of a value that its step's commit holds. */
async function readInline(artifact: ArtifactRecord, { store, project }: ArtifactSource): Promise<Uint8Array> {
  const { run, invocation, output } = artifact
  const { readCommit } = await importPipelines({ projectRoot: project.root })
  const outputs = (await readCommit(store, run, invocation))?.outputs ?? {}
  const value = Object.hasOwn(outputs, output) ? outputs[output]?.value : undefined
  if (value === undefined) throw changed(artifact)
  const bytes = Buffer.from(JSON.stringify(value))
  const contentHash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  verify(artifact, { contentHash, size: bytes.length })
  return bytes
}

function verify(artifact: ArtifactRecord, found: Pick<ArtifactRecord, 'contentHash' | 'size'>): void {
  if (found.contentHash !== artifact.contentHash || found.size !== artifact.size) throw changed(artifact)
}

function changed({ id, name, uri }: ArtifactRecord): StackError {
  const message = `The artifact "${name}" at ${uri} is not what its step committed: its bytes changed.`
  return new StackError('checksum-mismatch', message, { hint: `stack artifact describe ${id}` })
}
