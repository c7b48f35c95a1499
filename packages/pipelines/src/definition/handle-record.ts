/** What calling a step with several outputs gives: one handle for each output, by name. */
import { didYouMean, StackError } from '@stack/core'
import { createHandle, type Handle, type HandleSource, handleSource } from './handle.js'

const brand = Symbol.for('@stack/pipelines/handle-record')

/** Handles by output name; asking for an output the step does not have is an error. */
export type HandleRecord = { readonly [output: string]: Handle<unknown> }

/** Makes the handles of an invocation. */
export function createHandleRecord(source: Omit<HandleSource, 'output'>, outputs: readonly string[]): HandleRecord {
  const handles: Record<string | symbol, unknown> = {}
  for (const output of outputs) handles[output] = createHandle({ ...source, output })
  Object.defineProperty(handles, brand, { value: source })
  return new Proxy(Object.freeze(handles) as HandleRecord, {
    get(target, key) {
      const handle = Reflect.get(target, key) as Handle<unknown>
      if (handle !== undefined || typeof key === 'symbol' || ignored.has(key)) return handle
      throw new StackError(
        'invalid-pipeline',
        `The step invocation "${source.invocation}" has no output "${key}".${didYouMean(key, outputs)}`,
        { hint: outputs.length === 0 ? 'It has no outputs.' : `Its outputs are: ${outputs.join(', ')}.` },
      )
    },
  })
}

/** The invocation that a handle or a record of handles comes from. */
export function invocationSource(value: unknown): Omit<HandleSource, 'output'> | undefined {
  const source = handleSource(value)
  if (source !== undefined) return source
  if (typeof value !== 'object' || value === null) return undefined
  return (value as { [brand]?: Omit<HandleSource, 'output'> })[brand]
}

/** What runtimes and test tools read of any object. */
const ignored = new Set([
  'then',
  'toJSON',
  'constructor',
  'toString',
  'valueOf',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
])
