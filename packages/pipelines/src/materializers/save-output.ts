/** Saves one output of a step: inline in the commit where it is small JSON, else as an object of its own. */
import { stat } from 'node:fs/promises'
import {
  type ArtifactStore,
  type CommittedOutput,
  isStackError,
  type JsonValue,
  type Metadata,
  StackError,
} from '@stack/core'
import type { StepDefinition } from '../definition/step.js'
import { inlinedMaterializers } from './builtin-materializers.js'
import { materializerFor } from './choose-materializer.js'
import { type HashedContent, HashingStream, hashContent, hashFile } from './content-hash.js'
import type { Content, DescribedContent } from './materializer.js'

/** The largest JSON that stays in the commit, in bytes. */
export const maximumInlineSize = 16 * 1024

/** Where an output goes. */
export interface SaveOutputOptions {
  /** The output's name. */
  readonly name: string
  readonly step: StepDefinition
  readonly store: ArtifactStore
  /** The attempt's directory in the store: `runs/<run>/<invocation>/<attempt>`. */
  readonly directory: string
  /** The commit an inlined value will stand in. */
  readonly commitUri: string
  readonly signal?: AbortSignal
}

/**
 * Saves a value that the step's `run` gave, which validated it.
 * @throws StackError `invalid-output` naming the path of what cannot be stored; whatever the store throws.
 */
export async function saveOutput(value: unknown, options: SaveOutputOptions): Promise<CommittedOutput> {
  const { name, step, commitUri } = options
  const materializer = materializerFor(value, step, name)
  const saved = await describeContent(step, name, () => materializer.save(value))
  const description = {
    materializer: materializer.name,
    mediaType: saved.mediaType ?? materializer.mediaType,
    ...describeMetadata(saved.metadata),
  }
  const { content } = saved
  if (typeof content === 'string' && inlinedMaterializers.has(materializer.name)) {
    const hashed = hashContent(content)
    if (hashed.size <= maximumInlineSize) {
      return {
        uri: `${commitUri}#/outputs/${name}`,
        ...description,
        ...hashed,
        value: JSON.parse(content) as JsonValue,
      }
    }
  }
  const uri = `${options.directory}/${name}`
  return { uri, ...description, ...(await write(uri, content, description.mediaType, options)) }
}

async function describeContent(
  step: StepDefinition,
  name: string,
  save: () => Content | DescribedContent | Promise<Content | DescribedContent>,
): Promise<DescribedContent> {
  try {
    const saved = await save()
    const described = typeof saved === 'object' && 'content' in saved ? saved : { content: saved }
    if (isContent(described.content)) return described
    throw new StackError('invalid-output', 'its materializer gave neither text, bytes, a file nor a stream.')
  } catch (error) {
    if (!isStackError(error, 'invalid-output')) throw error
    const { hint, problems } = error
    throw new StackError(
      'invalid-output',
      `The step "${step.name}" gave a "${name}" that cannot be stored: ${error.message}`,
      {
        ...(hint === undefined ? {} : { hint }),
        problems: problems.map(({ path, message }) => ({ path: joinPath(name, path), message })),
        cause: error,
      },
    )
  }
}

function isContent(content: unknown): content is Content {
  if (typeof content === 'string' || content instanceof Uint8Array) return true
  if (typeof content !== 'object' || content === null) return false
  return Symbol.asyncIterator in content || ('file' in content && typeof content.file === 'string')
}

async function write(
  uri: string,
  content: Content,
  contentType: string,
  { store, signal }: SaveOutputOptions,
): Promise<HashedContent> {
  const options = { contentType, ...(signal === undefined ? {} : { signal }) }
  if (typeof content === 'string' || content instanceof Uint8Array) {
    await store.write(uri, content, options)
    return hashContent(content)
  }
  if ('file' in content) {
    const before = await describeFile(content.file)
    const hashed = await hashFile(content.file, signal)
    await store.write(uri, content, options)
    if ((await describeFile(content.file)) === before) return hashed
    throw new StackError('conflict', `The file ${content.file} changed while it was stored.`, {
      hint: 'Finish writing a file before the step gives it.',
    })
  }
  const hashing = new HashingStream(content as AsyncIterable<Uint8Array>)
  await store.write(uri, hashing, options)
  return hashing.result()
}

/** What changes when a file is written to. */
async function describeFile(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path)
    return `${ino} ${size} ${mtimeMs}`
  } catch (cause) {
    throw new StackError('invalid-output', `The file ${path} that a step gave cannot be read.`, { cause })
  }
}

function describeMetadata(metadata: Metadata | undefined): { readonly metadata?: Metadata } {
  return metadata === undefined ? {} : { metadata }
}

function joinPath(name: string, path: string): string {
  if (path === '') return name
  return path.startsWith('[') ? `${name}${path}` : `${name}.${path}`
}
