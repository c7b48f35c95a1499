/** Bytes: buffers and typed arrays, stored as they are in memory. */
import { StackError } from '@stack/core'
import { defineMaterializer } from './materializer.js'

type BytesView = ArrayBuffer | ArrayBufferView

/** How each kind is made again from a buffer of its own. */
const views = {
  ArrayBuffer: (buffer: ArrayBuffer) => buffer,
  Buffer: (buffer: ArrayBuffer) => Buffer.from(buffer),
  DataView: (buffer: ArrayBuffer) => new DataView(buffer),
  Int8Array: (buffer: ArrayBuffer) => new Int8Array(buffer),
  Uint8Array: (buffer: ArrayBuffer) => new Uint8Array(buffer),
  Uint8ClampedArray: (buffer: ArrayBuffer) => new Uint8ClampedArray(buffer),
  Int16Array: (buffer: ArrayBuffer) => new Int16Array(buffer),
  Uint16Array: (buffer: ArrayBuffer) => new Uint16Array(buffer),
  Int32Array: (buffer: ArrayBuffer) => new Int32Array(buffer),
  Uint32Array: (buffer: ArrayBuffer) => new Uint32Array(buffer),
  Float32Array: (buffer: ArrayBuffer) => new Float32Array(buffer),
  Float64Array: (buffer: ArrayBuffer) => new Float64Array(buffer),
  BigInt64Array: (buffer: ArrayBuffer) => new BigInt64Array(buffer),
  BigUint64Array: (buffer: ArrayBuffer) => new BigUint64Array(buffer),
} as const

type ViewName = keyof typeof views

/** The materializer of `ArrayBuffer`, `Buffer` and every typed array (numbers in little-endian order). */
export const bytesMaterializer = defineMaterializer<BytesView>({
  name: 'bytes',
  mediaType: 'application/octet-stream',
  matches: (value) => viewName(value) !== undefined,
  save: (value) => ({ content: toBytes(value), metadata: { view: viewName(value) ?? 'Uint8Array' } }),
  async load(content) {
    const bytes = await content.bytes()
    const { view = 'Uint8Array' } = content.metadata
    if (typeof view !== 'string' || !Object.hasOwn(views, view)) {
      throw new StackError(
        'unsupported',
        `Bytes were stored as ${JSON.stringify(view).slice(0, 100)}, which this version does not know.`,
      )
    }
    if (view === 'Uint8Array') return bytes
    try {
      return views[view as ViewName](bytes.slice().buffer as ArrayBuffer)
    } catch {
      throw new StackError('invalid-input', `its ${bytes.length} bytes are not those of a ${view}`)
    }
  },
})

/** The kind of a view, by its very class: what comes back is what was given. */
function viewName(value: unknown): ViewName | undefined {
  if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) return undefined
  const name = Object.getPrototypeOf(value)?.constructor?.name
  return typeof name === 'string' && Object.hasOwn(views, name) ? (name as ViewName) : undefined
}

function toBytes(value: BytesView): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}
