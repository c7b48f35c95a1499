/** The door of a directory's manifest: its paths stay below the directory and do not meet on any machine. */
import assert from 'node:assert/strict'
import { posix, win32 } from 'node:path'
import { isStackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
import { parseManifest } from '../../src/materializers/directory-manifest.js'

const contentHash = `sha256:${'0a'.repeat(32)}`
const valid = {
  version: 1,
  files: [
    { path: 'a.txt', size: 1, contentHash },
    { path: 'b/c.bin', size: 2, contentHash, executable: true },
    { path: 'b/d/e', size: 3, contentHash },
  ],
  emptyDirectories: ['b/f', 'g'],
}

const texts = fc.oneof(
  damagedJson(valid).map((value) => JSON.stringify(value)),
  damagedBytes(JSON.stringify(valid)).map((bytes) => Buffer.from(bytes).toString()),
)

const codes = ['invalid-input', 'invalid-path', 'unsupported'] as const

describeDoor('manifest of a directory', texts, (text) => {
  try {
    const { files, emptyDirectories } = parseManifest(text)
    const paths = [...files.map(({ path }) => path), ...emptyDirectories]
    for (const { join, root } of [
      { join: (path: string) => posix.join('/target', path), root: '/target/' },
      { join: (path: string) => win32.join('C:\\target', path), root: 'C:\\target\\' },
    ]) {
      for (const path of paths) assert.ok(join(path).startsWith(root))
    }
    assert.equal(new Set(paths.map((path) => path.normalize('NFC').toLowerCase())).size, paths.length)
    for (const { size, contentHash } of files) {
      assert.ok(Number.isSafeInteger(size) && size >= 0)
      assert.match(contentHash, /^sha256:[0-9a-f]{64}$/)
    }
  } catch (error) {
    if (!codes.some((code) => isStackError(error, code))) throw error
    assert.ok((error as Error).message.length < 2000)
  }
})
