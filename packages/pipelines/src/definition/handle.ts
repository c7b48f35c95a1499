/** Handles: what a step gives while a pipeline is traced, in place of values that do not exist yet. */
import { inspect } from 'node:util'
import { StackError } from '@stack/core'

const brand = Symbol.for('@stack/pipelines/handle')

declare const valueType: unique symbol

/** The promise of a step's output: it can be passed to a step, alone or inside an array or object, and nothing else. */
export interface Handle<T> {
  /** Exists in types only, so that a handle of one type is no handle of another. */
  readonly [valueType]: T
}

/** What a handle stands for. */
export interface HandleSource {
  /** The trace it belongs to. */
  readonly trace: object
  readonly invocation: string
  readonly output: string
}

/** Makes a handle; whatever treats it as a value is told what to do instead. */
export function createHandle<T>(source: HandleSource): Handle<T> {
  const misused = (how: string): never => {
    throw handleUsedAsValue(source, how)
  }
  const shown = `Handle(${source.invocation}.${source.output})`
  const target = { [inspect.custom]: () => shown }
  const proxy = new Proxy(target, {
    get(_, key) {
      if (key === brand) return source
      if (key === inspect.custom) return target[inspect.custom]
      if (key === Symbol.toStringTag) return 'Handle'
      if (typeof key === 'symbol' && !valueSymbols.has(key)) return undefined
      return misused(uses.get(key) ?? `its property ${JSON.stringify(String(key))} was read`)
    },
    has(_, key) {
      if (typeof key === 'symbol') return key === brand
      return misused(`it was asked for the property ${JSON.stringify(key)}`)
    },
    set: (_, key) => misused(`its property ${JSON.stringify(String(key))} was set`),
    defineProperty: (_, key) => misused(`its property ${JSON.stringify(String(key))} was defined`),
    deleteProperty: (_, key) => misused(`its property ${JSON.stringify(String(key))} was deleted`),
    ownKeys: () => misused('its properties were listed or spread'),
    getOwnPropertyDescriptor: (_, key) => misused(`its property ${JSON.stringify(String(key))} was looked at`),
    getPrototypeOf: () => null,
    setPrototypeOf: () => misused('its prototype was set'),
    preventExtensions: () => misused('it was frozen'),
  })
  return proxy as unknown as Handle<T>
}

/** What a handle stands for, or undefined for what is none; recognises handles of any copy of this package. */
export function handleSource(value: unknown): HandleSource | undefined {
  if (typeof value !== 'object' || value === null || !(brand in value)) return undefined
  return (value as { [brand]?: HandleSource })[brand]
}

/** Recognises a handle. */
export function isHandle(value: unknown): value is Handle<unknown> {
  return handleSource(value) !== undefined
}

/** Symbols by which the language itself asks for a value. */
const valueSymbols = new Set<symbol>([Symbol.toPrimitive, Symbol.iterator, Symbol.asyncIterator])

/** How the properties that JavaScript itself reads are told. */
const uses = new Map<string | symbol, string>([
  ['then', 'it was awaited'],
  ['toJSON', 'it was written as JSON'],
  ['toString', 'it was made a string'],
  ['valueOf', 'it was made a number or string'],
  [Symbol.toPrimitive, 'it was made a number or string'],
  [Symbol.iterator, 'it was iterated or spread'],
  [Symbol.asyncIterator, 'it was iterated'],
])

function handleUsedAsValue({ invocation, output }: HandleSource, how: string): StackError {
  const name = output === 'output' ? `The output of "${invocation}"` : `The output "${output}" of "${invocation}"`
  return new StackError(
    'handle-used-as-value',
    `${name} was used as a value: ${how}. It has none before the step ran.`,
    {
      hint: 'Pass it to a step as an input and use the value there: a pipeline only says which step gets what.',
      details: { invocation, output },
    },
  )
}
