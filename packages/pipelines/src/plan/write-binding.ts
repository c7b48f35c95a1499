/** Writes what an input is bound to as JSON: handles as `$handle`, what plain JSON cannot say as `$rich`. */
import { formatProblemPath, type InputBinding, StackError } from '@stack/core'
import { type HandleSource, handleSource } from '../definition/handle.js'
import { isPlainJson, isPlainObject } from '../materializers/plain-json.js'
import { stringifyRich } from '../materializers/rich-json.js'

/** The keys that mean something in a binding. */
export const handleKey = '$handle'
export const richKey = '$rich'

/** What a binding is written for. */
export interface BindingContext {
  readonly trace: object
  /** Whose value it is, for messages: `<invocation>.<input>`. */
  readonly owner: string
  /** Told each invocation whose output is in the value. */
  readonly found: (invocation: string) => void
}

/**
 * Writes a value that may have handles in it, at any depth of arrays and plain objects.
 * @throws StackError `invalid-pipeline` for what cannot be written, with its path.
 */
export function writeBinding(value: unknown, context: BindingContext): InputBinding {
  return write(value, [], context)
}

function write(value: unknown, path: readonly PropertyKey[], context: BindingContext): InputBinding {
  const source = handleSource(value)
  if (source !== undefined) return reference(source, path, context)
  if (!holdsHandles(value)) return constant(value, path, context)
  if (path.length > 100) throw invalid(context, path, 'handles are nested too deeply')
  if (Array.isArray(value)) return value.map((item, index) => write(item, [...path, index], context))
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined)
  if (entries.some(([key]) => isReserved(key))) {
    throw invalid(context, path, `an object with handles cannot have the key ${handleKey} or ${richKey}`)
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, write(item, [...path, key], context)]))
}

function reference(source: HandleSource, path: readonly PropertyKey[], context: BindingContext): InputBinding {
  const { trace, invocation, output } = source
  if (trace !== context.trace) throw invalid(context, path, 'it is a handle of another trace of a pipeline')
  context.found(invocation)
  return { [handleKey]: { invocation, output } }
}

/** A value without handles: as it is where JSON says it exactly, else as rich JSON. */
function constant(value: unknown, path: readonly PropertyKey[], context: BindingContext): InputBinding {
  // A copy: what the pipeline does to the value afterwards changes no plan.
  if (isPlainJson(value) && !hasReservedKey(value)) return structuredClone(value) as InputBinding
  try {
    return { [richKey]: stringifyRich(value) }
  } catch (error) {
    throw invalid(context, path, error instanceof Error ? error.message : String(error))
  }
}

/** Whether a handle is in an array or plain object; others are passed as a whole. */
function holdsHandles(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (handleSource(value) !== undefined) return true
  if (seen.has(value)) return false
  seen.add(value)
  if (Array.isArray(value)) return value.some((item) => holdsHandles(item, seen))
  return isPlainObject(value) && Object.values(value).some((item) => holdsHandles(item, seen))
}

function hasReservedKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasReservedKey)
  return Object.entries(value).some(([key, item]) => isReserved(key) || hasReservedKey(item))
}

function isReserved(key: string): boolean {
  return key === handleKey || key === richKey
}

function invalid(context: BindingContext, path: readonly PropertyKey[], why: string): StackError {
  const at = path.length === 0 ? '' : ` at ${formatProblemPath(path)}`
  return new StackError('invalid-pipeline', `The input ${context.owner}${at} cannot be passed: ${why}.`)
}
