/** Whatever path or pattern is given, on a root of any name: a key that is written back the same, or invalid-path. */
import { describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { formatStorePath, isName, parseStorePath } from '../../src/artifact-store/artifact-path.js'
import { expandPattern, parseGlobSegment } from '../../src/artifact-store/glob-pattern.js'
import { parseStoreRoot } from '../../src/artifact-store/store-root.js'
import { isStackError } from '../../src/index.js'

const piece = fc.oneof(
  fc.constantFrom('/', '//', '.', '..', 'a', '*', '**', '{', '}', ',', '[', ']', '!', '%2e', '%2F', '?', 'b:', 'C:/'),
  hostileText,
)
const given = fc.record({
  local: fc.boolean(),
  name: fc.constantFrom('root', '{a,b}', '[x]', 'a*', '100%', '%41', 'sp ace', '😀', 'q?', '#'),
  head: fc.constantFrom('', '/', 'root', 's3://bucket/', 'file:///data/'),
  rest: fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
})

describeDoor('paths and patterns of a store', given, ({ local, name, head, rest }) => {
  const root = parseStoreRoot(local ? `/data/${name}` : `s3://bucket/data/${name}`, '/')
  const path = `${head === 'root' ? `${formatStorePath(root, 'absolute', '')}/` : head}${rest}`
  const parsed = unlessRefused(() => parseStorePath(root, path))
  if (parsed !== undefined) {
    expect(parsed.key === '' || parsed.key.split('/').every(isName)).toBe(true)
    for (const form of ['relative', 'absolute', 'uri'] as const) {
      expect(parseStorePath(root, formatStorePath(root, form, parsed.key)).key).toBe(parsed.key)
    }
  }
  const alternatives = unlessRefused(() => expandPattern(root, path)) ?? []
  expect(alternatives.length).toBeLessThanOrEqual(1000)
  for (const alternative of alternatives) {
    unlessRefused(() => parseStorePath(root, alternative).key.split('/').map(parseGlobSegment))
  }
})

/** Undefined where it is refused as paths are. */
function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (!isStackError(error, 'invalid-path')) throw error
    return undefined
  }
}
