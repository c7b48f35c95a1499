import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { extendedConfigs } from '../../src/source/consulted-files.js'
import { formatKeptBundle, type KeptBundle, parseKeptBundle } from '../../src/source/kept-bundle.js'

const hash = `sha256:${'0'.repeat(64)}`
const valid: KeptBundle = {
  entry: 'entry-ABCDEFGH.mjs',
  outputs: {
    'entry-ABCDEFGH.mjs': { size: 100, hash },
    'entry-ABCDEFGH.mjs.map': { size: 10, hash },
    'chunk-12345678.mjs': { size: 0, hash },
  },
  files: { '/project/a.ts': hash },
  consulted: { '/project/package.json': '1 2 3.5 4', '/project/tsconfig.json': null },
}
const text = formatKeptBundle(valid)

describeDoor(
  'the index of a bundle',
  fc.oneof(
    damagedBytes(text).map((bytes) => Buffer.from(bytes).toString('utf8')),
    damagedJson(JSON.parse(text)).map((value) => JSON.stringify(value) ?? ''),
  ),
  (input) => {
    const found = parseKeptBundle(input)
    if (found === undefined) return
    expect(Object.hasOwn(found.outputs, found.entry)).toBe(true)
    for (const [name, { size }] of Object.entries(found.outputs)) {
      expect(name).toMatch(/^[\w-][\w.-]*$/)
      expect(Number.isSafeInteger(size)).toBe(true)
    }
    for (const [path, hash] of Object.entries(found.files))
      expect([typeof path, typeof hash]).toEqual(['string', 'string'])
    for (const signature of Object.values(found.consulted))
      expect(signature === null || typeof signature === 'string').toBe(true)
  },
)

describeDoor(
  'what a tsconfig extends',
  damagedBytes('{ // base\n "extends": ["./base", "@tsconfig/node20/tsconfig.json",], "compilerOptions": {} }'),
  (bytes) => {
    const found = extendedConfigs(Buffer.from(bytes).toString('utf8'))
    expect(found.every((specifier) => typeof specifier === 'string' && specifier !== '')).toBe(true)
  },
)
