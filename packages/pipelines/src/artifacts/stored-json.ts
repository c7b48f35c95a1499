/** JSON from an artifact store: any program that may write to the store may have written it, so it is bounded and parsed. */
import { type ArtifactStore, formatProblemPath, isStackError, type Problem, StackError, type z } from '@stack/core'
import { describeProblems } from '../definition/schema.js'
import { maximumDepth } from '../materializers/plain-json.js'

/** A kind of object that runs keep in the store. */
export interface StoredForm<T> {
  /** For messages: `commit`. */
  readonly name: string
  /** The largest that is read, in bytes. */
  readonly maximumBytes: number
  readonly parse: (text: string) => T
}

/** How much of what is wrong is said. */
const maximumProblems = 10
const maximumShown = 200

/** Levels of nesting, a value that is plain JSON among them and what stands around it in a plan or a commit. */
const maximumLevels = maximumDepth + 200

/**
 * Reads an object, and no more of it than its form allows.
 * @throws StackError `checksum-mismatch` for one that is larger or damaged; whatever the store throws.
 */
export async function readStored<T>(
  store: ArtifactStore,
  uri: string,
  { name, maximumBytes, parse, signal }: StoredForm<T> & { readonly signal?: AbortSignal | undefined },
): Promise<T> {
  const range = { start: 0, end: maximumBytes + 1 }
  const bytes = await store.read(uri, { range, ...(signal === undefined ? {} : { signal }) })
  if (bytes.length > maximumBytes) throw damaged(name, uri, `it is larger than ${maximumBytes} bytes`)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return parseStored(name, uri, () => parse(text))
}

/**
 * Parses what an object holds.
 * @throws StackError `checksum-mismatch` that names the object, where `parse` throws `invalid-input` with the bare reason.
 */
export function parseStored<T>(name: string, uri: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!isStackError(error, 'invalid-input')) throw error
    throw damaged(name, uri, error.message, error.problems)
  }
}

/** The error for what is not as it was written. */
export function damaged(name: string, uri: string, why: string, problems: readonly Problem[] = []): StackError {
  return new StackError('checksum-mismatch', `The ${name} at ${uri} is damaged: ${why}.`, {
    hint: 'Something other than Stack changed the store, or its disk is failing: run the pipeline again.',
    details: { uri },
    problems,
  })
}

/**
 * Checks the shape of what was parsed.
 * @throws StackError `invalid-input`, its message the bare reason, with the first problems.
 */
export function checkShape<T>(value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues
    .slice(0, maximumProblems)
    .map(({ path, message }) => ({ path: cut(formatProblemPath(path)), message: cut(message) }))
  throw new StackError('invalid-input', describeProblems(problems), { problems })
}

/**
 * Parses JSON that no recursive function overflows the stack on.
 * @throws StackError `invalid-input`, its message the bare reason.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new StackError('invalid-input', 'it is not JSON')
  }
  if (!isNestedTooDeeply(value)) return value
  throw new StackError('invalid-input', 'it is nested too deeply')
}

/** Whether a recursive function might overflow the stack on a value of JSON. */
export function isNestedTooDeeply(value: unknown): boolean {
  let level = [value].filter(isContainer)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maximumLevels) return true
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
