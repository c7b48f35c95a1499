/** Files of other users, which only root can make; elsewhere the tests of them are skipped, by name and reason. */
import { lchownSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'

/** A user who is neither root nor, as far as tests know, anybody. */
export const stranger = 54_321

const permitted = process.geteuid?.() === 0

/** What `test.skipIf` and the names of tests need. */
export const strangers = {
  missing: !permitted,
  reason: permitted ? '' : ' (skipped here: only root can make files of another user)',
}

/** More than any test makes: a tree that is larger is not the one a test meant. */
const mostEntries = 200

/**
 * Gives a path, and all below it, to a user. Only what lies in a temporary directory that this process made is given away, a
 * link itself and never what it leads to; anything else throws before the first owner changes.
 */
export function giveTo(uid: number, path: string, gid: number = uid): void {
  const real = join(realpathSync(dirname(path)), basename(path))
  requireOwnTemporary(real)
  const entries = treeOf(real)
  for (const entry of entries) lchownSync(entry, uid, gid)
}

function requireOwnTemporary(path: string): void {
  const system = realpathSync(tmpdir())
  const [top = ''] = relative(system, path).split(sep)
  const started = Date.now() - process.uptime() * 1000 - 1000
  const made = /^stack-[\w-]+-\w{6}$/.test(top) ? lstatSync(join(system, top)) : undefined
  if (made === undefined || !made.isDirectory() || made.birthtimeMs < started)
    throw new Error(`${path} is not in a temporary directory that this test made: its owner stays`)
}

function treeOf(path: string, found: string[] = []): readonly string[] {
  const stats = lstatSync(path)
  if (stats.isFile() && stats.nlink > 1) throw new Error(`${path} has another name elsewhere: its owner stays`)
  if (found.push(path) > mostEntries) throw new Error(`${path} is one of more than ${mostEntries} entries`)
  if (stats.isDirectory()) for (const entry of readdirSync(path)) treeOf(join(path, entry), found)
  return found
}
