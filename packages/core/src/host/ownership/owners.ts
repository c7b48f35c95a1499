/** Whose files a program takes for its user's own. */
import { lstatSync, type Stats, statSync } from 'node:fs'

/** Where settings of the user's are looked up: the environment, never a file of a project. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The users whose files are used: this one, root, and for root the one who called `sudo`; undefined where there are no uids. */
export function trustedOwners(env: Environment): ReadonlySet<number> | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  const sudoUser = user === 0 && /^\d{1,10}$/.test(env.SUDO_UID ?? '') ? Number(env.SUDO_UID) : 0
  return new Set([user, 0, sudoUser])
}

/** The first owner of a path, or of what it links to, who is not among `owners`; undefined where nothing is there. */
export function ownerBeyond(path: string, owners: ReadonlySet<number>): number | undefined {
  return [lstatSync, statSync]
    .map((stat) => statsOf(stat, path)?.uid)
    .find((uid) => uid !== undefined && !owners.has(uid))
}

/**
 * Whether nobody but the trusted owners can change what is at a path: only then what was cached there is believed. True where
 * there are no uids, false where nothing is there.
 */
export function isPrivate(path: string, env: Environment = process.env): boolean {
  const owners = trustedOwners(env)
  const stats = statsOf(statSync, path)
  if (stats === undefined) return false
  return owners === undefined || (ownerBeyond(path, owners) === undefined && (stats.mode & 0o022) === 0)
}

function statsOf(stat: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return stat(path)
  } catch {
    return undefined
  }
}
