import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeDirectories } from '../../src/files/make-directories.js'

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'stack-directories-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

it('makes what is absent, and returns the uppermost that it made', () => {
  const root = scratch()
  expect(makeDirectories(join(root, 'a/b/c'))).toBe(join(root, 'a'))
  expect(existsSync(join(root, 'a/b/c'))).toBe(true)
  expect(makeDirectories(join(root, 'a/b/c'))).toBeUndefined()
  expect(makeDirectories(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'))
})

it('throws where a file is in the way', () => {
  const root = scratch()
  writeFileSync(join(root, 'file'), '')
  expect(() => makeDirectories(join(root, 'file'))).toThrow('EEXIST')
  expect(() => makeDirectories(join(root, 'file/below'))).toThrow('ENOTDIR')
})

it.skipIf(!existsSync('/proc/self'))(
  `ends where no directory can be made${existsSync('/proc/self') ? '' : ' (skipped here: there is no /proc)'}`,
  () => {
    expect(() => makeDirectories('/proc/none/below')).toThrow('ENOENT')
  },
)
