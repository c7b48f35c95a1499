/** The door of stored values: whatever a commit and an object say, each built-in materializer loads a value or names the artifact. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { type ArtifactStore, isStackError, type JsonValue } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor, hostileText, strangeValue } from '@stack/test-fuzz'
import fc from 'fast-check'
import { builtinMaterializers } from '../../src/materializers/builtin-materializers.js'
import { checkFileName } from '../../src/materializers/file-name.js'
import { loadOutput } from '../../src/materializers/load-output.js'
import { parseRich, stringifyRich } from '../../src/materializers/rich-json.js'

const circle: { self?: unknown } = {}
circle.self = circle
const rich = stringifyRich({
  at: new Date(0),
  map: new Map<unknown, unknown>([[1, new Set([2n])]]),
  rows: new Float64Array([1, 2, 3]),
  view: new DataView(new Uint8Array(8).buffer, 2, 4),
  holes: Object.assign(new Array(4), { 2: undefined }),
  text: /a+/g,
  url: new URL('http://a/b'),
  boxed: Object(1),
  bare: Object.assign(Object.create(null), { a: -0 }),
  circle,
})

const richTexts = fc.oneof(
  damagedJson(JSON.parse(rich)).map((value) => JSON.stringify(value)),
  damagedBytes(rich).map((bytes) => Buffer.from(bytes).toString()),
)

describeDoor('rich JSON', richTexts, (text) => {
  try {
    parseRich(text)
  } catch (error) {
    if (!isStackError(error, 'invalid-input')) throw error
  }
  assert.equal(Object.keys(Object.prototype).length, 0)
})

/** A value inlined in its commit needs no store; files are left out, for each would be written. */
const store = undefined as unknown as ArtifactStore
const materializers = [...builtinMaterializers.keys()].filter((name) => name !== 'file')
const manifest = { version: 1, files: [], emptyDirectories: ['a'] }

const outputs = fc.record({
  materializer: fc.constantFrom(...materializers, '__proto__', 'constructor'),
  value: fc.oneof(strangeValue, damagedJson(JSON.parse(rich)), damagedJson(manifest)),
  metadata: damagedJson({ view: 'Float64Array', form: 'Readable', type: 'text/csv', name: 'a.csv', lastModified: 5 }),
})

const codes = ['checksum-mismatch', 'unsupported', 'not-found', 'invalid-name', 'invalid-path'] as const

describeDoor('output of a commit', outputs, async ({ materializer, value, metadata }) => {
  const text = JSON.stringify(value)
  const output = {
    uri: 'runs/r1/train/commit.json#/outputs/output',
    materializer,
    mediaType: 'application/octet-stream',
    size: Buffer.byteLength(text),
    contentHash: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    value: JSON.parse(text) as JsonValue,
    metadata: (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Record<string, JsonValue>,
  }
  try {
    await loadOutput(output, { store })
  } catch (error) {
    if (!codes.some((code) => isStackError(error, code))) throw error
    assert.ok((error as Error).message.length < 2000)
  }
  assert.equal(Object.keys(Object.prototype).length, 0)
})

describeDoor('name of a file', fc.oneof(hostileText, strangeValue), (name) => {
  try {
    const checked = checkFileName(name as string)
    assert.equal(posix.dirname(posix.resolve('/a/b', checked)), '/a/b')
    assert.equal(posix.basename(posix.join('/a/b', checked)), checked)
    assert.ok(Buffer.byteLength(checked) <= 255)
  } catch (error) {
    if (!isStackError(error, 'invalid-name')) throw error
  }
})
