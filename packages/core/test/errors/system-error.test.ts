import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StackError, toStackError } from '../../src/errors/stack-error.js'
import { fileErrorMeaning } from '../../src/errors/system-error.js'

function systemError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code}: something, open 'a/b'`), { code, syscall: 'open', path: 'a/b', ...more })
}

test.each([
  ['ENOENT', 'not-found'],
  ['EEXIST', 'already-exists'],
  ['ENOTDIR', 'not-a-directory'],
  ['EISDIR', 'is-a-directory'],
  ['ENOTEMPTY', 'directory-not-empty'],
  ['EACCES', 'permission-denied'],
  ['EPERM', 'permission-denied'],
  ['EROFS', 'permission-denied'],
  ['ENOSPC', 'no-space'],
  ['EDQUOT', 'no-space'],
  ['EFBIG', 'no-space'],
  ['ENAMETOOLONG', 'invalid-path'],
  ['ELOOP', 'invalid-path'],
  ['EILSEQ', 'invalid-path'],
  ['EINVAL', 'invalid-path'],
  ['EXDEV', 'unsupported'],
  ['EMFILE', 'unavailable'],
  ['ENFILE', 'unavailable'],
  ['EIO', 'unavailable'],
  ['ENOMEM', 'unavailable'],
  ['ECONNREFUSED', 'unavailable'],
  ['ENOTFOUND', 'unavailable'],
])('%s is %s, and its cause is kept', (name, code) => {
  const cause = systemError(name)
  const error = toStackError(cause)
  expect(error).toMatchObject({ code, cause })
  expect(error.message).toMatch(new RegExp(`^Cannot open "a/b": .*\\(${name}\\)\\.$`))
})

test('an error of Node itself has the code of what it met', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stack-system-error-'))
  try {
    expect.assertions(1)
    openSync(join(directory, 'absent', 'file'), 'r')
  } catch (error) {
    expect(toStackError(error)).toMatchObject({ code: 'not-found' })
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('a refused connection is unavailable', async () => {
  const error = await new Promise((resolve) => createConnection({ port: 1, host: '127.0.0.1' }).once('error', resolve))
  expect(toStackError(error)).toMatchObject({ code: 'unavailable' })
})

test('too many open files come with the command that raises the limit, also from native modules', () => {
  for (const error of [
    systemError('EMFILE'),
    new Error('Too many open files (os error 24)'),
    Object.assign(new Error('/a/b.node: cannot open shared object file: Too many open files'), {
      code: 'ERR_DLOPEN_FAILED',
    }),
  ]) {
    expect(toStackError(error)).toMatchObject({ code: 'unavailable', hint: expect.stringContaining('ulimit -n') })
  }
})

test('what is no error of the system stays unexpected, and a StackError itself', () => {
  for (const thrown of [
    new Error('boom'),
    Object.assign(new Error('boom'), { code: 'ERR_INVALID_ARG_TYPE' }),
    Object.assign(new Error('boom'), { code: 28 }),
    Object.assign(new Error('boom'), { code: 'toString' }),
    systemError('EINVAL', { path: undefined }),
    new Error('an odd number (os error 999)'),
    'ENOSPC',
    undefined,
  ]) {
    expect(toStackError(thrown)).toMatchObject({ code: 'unexpected' })
  }
  const error = new StackError('conflict', 'It changed.', { cause: systemError('ENOSPC') })
  expect(toStackError(error)).toBe(error)
})

test('an error of the network is none of a file', () => {
  expect(fileErrorMeaning(systemError('ECONNRESET'))).toBeUndefined()
  expect(fileErrorMeaning(systemError('ENOSPC'))).toMatchObject({ name: 'ENOSPC', code: 'no-space' })
})
