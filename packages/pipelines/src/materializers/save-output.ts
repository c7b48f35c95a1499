/** Saves one output of a step: inline in the commit where it is small JSON, else as an object of its own. */
import { type ArtifactStore, type CommittedOutput, isStackError, type JsonValue, StackError } from '@stack/core'
import type { StepDefinition } from '../definition/step-definition.js'
import { inlinedMaterializers } from './builtin-materializers.js'
import { materializerFor } from './choose-materializer.js'
import { hashContent } from './content-hash.js'
import type { Content, DescribedContent, SaveContext } from './materializer.js'
import { fileUri } from './stored-content.js'
import { isContent, writeContent } from './write-content.js'

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
 * @throws StackError `invalid-output` naming the path of what cannot be stored; what a stream throws; whatever the store throws.
 */
export async function saveOutput(value: unknown, options: SaveOutputOptions): Promise<CommittedOutput> {
  const { name, step, commitUri, signal } = options
  const materializer = materializerFor(value, step, name)
  const uri = `${options.directory}/${name}`
  try {
    const saved = describeContent(await materializer.save(value, saveContext(uri, options)))
    const description = {
      materializer: materializer.name,
      mediaType: saved.mediaType ?? materializer.mediaType,
      ...(saved.metadata === undefined ? {} : { metadata: saved.metadata }),
    }
    const { content } = saved
    if (typeof content === 'string' && inlinedMaterializers.has(materializer.name)) {
      const hashed = hashContent(content)
      if (hashed.size <= maximumInlineSize) {
        const value = JSON.parse(content) as JsonValue
        return { uri: `${commitUri}#/outputs/${name}`, ...description, ...hashed, value }
      }
    }
    const write = { store: options.store, contentType: description.mediaType, signal }
    return { uri, ...description, ...(await writeContent(uri, content, write)) }
  } catch (error) {
    throw isStackError(error, 'invalid-output') ? withOutput(error, options) : error
  }
}

function saveContext(uri: string, { store, signal }: SaveOutputOptions): SaveContext {
  return {
    signal,
    writeFile: async (path, content, { concurrency } = {}) => ({
      path,
      ...(await writeContent(fileUri(uri, path), content, { store, signal, concurrency })),
    }),
  }
}

function describeContent(saved: Content | DescribedContent): DescribedContent {
  const described = typeof saved === 'object' && 'content' in saved ? saved : { content: saved }
  if (isContent(described.content)) return described
  throw new StackError('invalid-output', 'its materializer gave neither text, bytes, a file nor a stream')
}

/** Says of what cannot be stored which output of which step it is. */
function withOutput(error: StackError, { name, step }: SaveOutputOptions): StackError {
  const { hint, problems } = error
  const reason = error.message.replace(/\.$/, '')
  return new StackError(
    'invalid-output',
    `The step "${step.name}" gave a "${name}" that cannot be stored: ${reason}.`,
    {
      ...(hint === undefined ? {} : { hint }),
      problems: problems.map(({ path, message }) => ({ path: joinPath(name, path), message })),
      cause: error,
    },
  )
}

function joinPath(name: string, path: string): string {
  if (path === '') return name
  return path.startsWith('[') ? `${name}${path}` : `${name}.${path}`
}
