/** Files of other users, which only root can make; elsewhere the tests of them are skipped, by name and reason. */
import { lchownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A user who is neither root nor, as far as tests know, anybody. */
export const stranger = 54_321

const permitted = process.geteuid?.() === 0

/** What `test.skipIf` and the names of tests need. */
export const strangers = {
  missing: !permitted,
  reason: permitted ? '' : ' (skipped here: only root can make files of another user)',
}

/** Gives a path, and all below it, to a user; links themselves, not what they lead to. */
export function giveTo(uid: number, path: string): void {
  lchownSync(path, uid, uid)
  for (const entry of list(path)) giveTo(uid, join(path, entry))
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
