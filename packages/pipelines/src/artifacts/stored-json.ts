/** JSON from an artifact store: any program that may write to the store may have written it, so it is bounded and parsed. */
import { type ArtifactStore, formatProblemPath, type Problem, StackError, type z } from '@stack/core'
import { describeProblems } from '../definition/schema.js'
import { maximumDepth } from '../materializers/plain-json.js'

/** A kind of object that runs keep in the store. */
export interface StoredForm<T> {
  /** For messages: `commit`. */
  readonly name: string
  /** The largest that is read, in bytes. */
  readonly maximumBytes: number
  readonly schema: z.ZodType<T>
}

/** How much of a damaged object is said. */
const maximumProblems = 10
const maximumShown = 200

/** Levels of nesting beside those of a value that is plain JSON. */
const levelsAround = 10

/**
 * Reads an object as text, and no more of it than its form allows.
 * @throws StackError `checksum-mismatch` for a larger one; whatever the store throws.
 */
export async function readStoredText(
  store: ArtifactStore,
  uri: string,
  { name, maximumBytes, signal }: Omit<StoredForm<unknown>, 'schema'> & { readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const range = { start: 0, end: maximumBytes + 1 }
  const bytes = await store.read(uri, { range, ...(signal === undefined ? {} : { signal }) })
  if (bytes.length > maximumBytes) throw damaged(name, uri, `it is larger than ${maximumBytes} bytes`)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/**
 * Parses the text of an object.
 * @throws StackError `checksum-mismatch` naming the object and its first problems.
 */
export function parseStoredJson<T>(text: string, { name, schema }: StoredForm<T>, uri: string): T {
  const parsed = schema.safeParse(parseJson(text, name, uri))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues
    .slice(0, maximumProblems)
    .map(({ path, message }) => ({ path: cut(formatProblemPath(path)), message: cut(message) }))
  throw damaged(name, uri, describeProblems(problems), problems)
}

/** The error for an object that is not what a run wrote. */
export function damaged(name: string, uri: string, why: string, problems: readonly Problem[] = []): StackError {
  return new StackError('checksum-mismatch', `The ${name} at ${uri} is damaged: ${why}.`, {
    hint: 'Something other than Stack changed the store, or its disk is failing: run the pipeline again.',
    details: { uri },
    problems,
  })
}

/** JSON that no recursive function overflows the stack on. */
function parseJson(text: string, name: string, uri: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(name, uri, 'it is not JSON')
  }
  if (isNestedBeyond(value, maximumDepth + levelsAround)) throw damaged(name, uri, 'it is nested too deeply')
  return value
}

function isNestedBeyond(value: unknown, maximum: number): boolean {
  let level = [value].filter(isContainer)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maximum) return true
    level = level.flatMap((container) => Object.values(container).filter(isContainer))
  }
  return false
}

function cut(text: string): string {
  return text.length <= maximumShown ? text : `${text.slice(0, maximumShown)}…`
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
