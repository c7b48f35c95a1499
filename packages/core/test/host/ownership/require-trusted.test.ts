import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { giveTo, stranger, strangers } from '@stack/test-owners'
import { describe, expect, test } from 'vitest'
import { isPrivate, requireTrusted } from '../../../src/host/index.js'
import { temporaryDirectory } from '../flavor-fixture.js'

const { missing, reason } = strangers

/** A directory with a `.stack` in it that belongs to a user. */
function foreign(uid: number): { readonly directory: string; readonly path: string } {
  const directory = temporaryDirectory()
  const path = join(directory, '.stack')
  mkdirSync(path)
  giveTo(uid, path)
  return { directory, path }
}

const refused = expect.objectContaining({ code: 'permission-denied' })

test('what is the user’s own, or absent, is trusted', () => {
  const directory = temporaryDirectory()
  requireTrusted(directory, { env: {} })
  requireTrusted(join(directory, 'absent'), { env: {} })
  requireTrusted(join(directory, 'absent/below'), { env: {} })
})

describe.skipIf(missing)(`files of another user${reason}`, () => {
  test('are refused, with the owner and the ways out', () => {
    const { directory, path } = foreign(stranger)
    expect(() => requireTrusted(path, { env: {} })).toThrow(
      expect.objectContaining({
        code: 'permission-denied',
        message: expect.stringContaining(`uid ${stranger}`),
        hint: expect.stringMatching(
          new RegExp(`--project ${directory} .*STACK_PROJECT=${directory}.*STACK_SAFE_DIRECTORIES=${directory}`),
        ),
        details: { path, owner: stranger },
      }),
    )
  })

  test('are quoted in commands where their path needs it', () => {
    const directory = join(temporaryDirectory(), "it's; rm -rf ~ #")
    mkdirSync(join(directory, '.stack'), { recursive: true })
    giveTo(stranger, join(directory, '.stack'))
    expect(() => requireTrusted(join(directory, '.stack'), { env: {} })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`'\\''s; rm -rf ~ #'`) }),
    )
  })

  test('are refused behind one’s own link, and one’s own behind their link', () => {
    const { path } = foreign(stranger)
    const own = temporaryDirectory()
    symlinkSync(path, join(own, 'own-link'))
    expect(() => requireTrusted(join(own, 'own-link'), { env: {} })).toThrow(refused)
    symlinkSync(own, join(own, 'their-link'))
    giveTo(stranger, join(own, 'their-link'))
    expect(() => requireTrusted(join(own, 'their-link'), { env: {} })).toThrow(refused)
  })

  test('are trusted by root where that user called sudo', () => {
    const { path } = foreign(stranger)
    requireTrusted(path, { env: { SUDO_UID: String(stranger) } })
  })

  test.each(['', '0', '1', 'x', `${stranger}x`, ` ${stranger}`, '-1', '4294967295', `${stranger}.0`, '99999999999'])(
    'are not trusted by the SUDO_UID "%s"',
    (uid) => {
      const { path } = foreign(stranger)
      expect(() => requireTrusted(path, { env: { SUDO_UID: uid } })).toThrow(refused)
    },
  )

  test('are trusted in a directory that STACK_SAFE_DIRECTORIES lists', () => {
    const { directory, path } = foreign(stranger)
    const link = join(temporaryDirectory(), 'link')
    symlinkSync(directory, link)
    for (const list of [
      '*',
      directory,
      `${directory}/`,
      `${directory}//`,
      `/none:${directory}`,
      `:${directory}:`,
      `${directory}/../${directory.split('/').at(-1)}`,
      link,
      `${link}/`,
    ]) {
      requireTrusted(path, { env: { STACK_SAFE_DIRECTORIES: list } })
    }
    // By way of a link, where the list has the real directory.
    requireTrusted(join(link, '.stack'), { env: { STACK_SAFE_DIRECTORIES: directory } })
  })

  test('are refused where the list has no such absolute path', () => {
    const { directory, path } = foreign(stranger)
    const name = directory.split('/').at(-1) ?? ''
    for (const list of [
      '',
      '.',
      './',
      '..',
      `./${name}`,
      name,
      `../${name}`,
      `${directory}x`,
      `${directory}/.stack`,
      '/',
      '/*',
      `${directory}/*`,
      '**',
      ' *',
      '/none',
    ]) {
      expect(() => requireTrusted(path, { env: { STACK_SAFE_DIRECTORIES: list } }), list).toThrow(refused)
    }
  })

  test('are not private, whatever their mode; one’s own are where nobody else may write', () => {
    expect(isPrivate(foreign(stranger).path, {})).toBe(false)
    expect(isPrivate(foreign(stranger).path, { SUDO_UID: String(stranger) })).toBe(true)
    expect(isPrivate(foreign(stranger).path, { STACK_SAFE_DIRECTORIES: '*' })).toBe(false)
    expect(isPrivate(foreign(0).path, {})).toBe(true)
  })
})
