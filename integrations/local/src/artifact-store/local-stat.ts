/** What is known of a file: its stat, and the version that `ifMatch` takes. */
import { type BigIntStats, fstatSync, lstatSync, type Stats, statSync } from 'node:fs'
import { isStackError, StackError, type Stat } from '@stack/core'
import type { LocalPaths } from './local-paths.js'
import { checkOrdinary } from './special-files.js'
import { meansAbsent, toStoreError } from './to-store-error.js'

/** The stat of what a listed key names; null where it is gone, leads out of the store, or is no object. */
export function statListed(paths: LocalPaths, key: string): Stat | null {
  try {
    const path = paths.find(key)
    return path === null ? null : statPath(key, path)
  } catch (error) {
    const mapped = toStoreError(error)
    if (isStackError(mapped, 'invalid-path') || isStackError(mapped, 'unsupported')) return null
    throw mapped
  }
}

/**
 * The stat of the file or directory at a real path, or null where nothing is there.
 * @throws StackError `unsupported` for a pipe, a socket or a device
 */
export function statPath(key: string, path: string): Stat | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : toStat(key, found)
}

/** What stands at a path itself, a link not followed; undefined where nothing does, below a file either. */
export function lstatPath(path: string | null): Stats | undefined {
  try {
    return path === null ? undefined : lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (meansAbsent(error)) return undefined
    throw error
  }
}

/** The stat of an open file. */
export function statDescriptor(key: string, descriptor: number): Stat {
  return toStat(key, fstatSync(descriptor, { bigint: true }))
}

/**
 * The stat of an open file that can be read.
 * @throws StackError `is-a-directory`, `unsupported` for a pipe, a socket or a device
 */
export function statReadable(key: string, descriptor: number): Stat {
  return checkReadable(key, fstatSync(descriptor, { bigint: true }))
}

/**
 * The stat of the file at a real path, where it can be read.
 * @throws StackError `not-found`, `is-a-directory`, `unsupported` for a pipe, a socket or a device
 */
export function statReadablePath(key: string, path: string): Stat {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined) throw new StackError('not-found', 'it does not exist')
  return checkReadable(key, found)
}

function checkReadable(key: string, found: BigIntStats): Stat {
  if (found.isDirectory()) throw new StackError('is-a-directory', 'it is a directory')
  return toStat(key, found)
}

function toStat(key: string, found: BigIntStats): Stat {
  checkOrdinary(found)
  const modifiedAt = new Date(Number(found.mtimeMs))
  if (found.isDirectory()) return { key, kind: 'directory', size: 0, modifiedAt }
  // A write makes a new inode with a time of its own, so the three change together or one by one, but always one.
  const version = `${found.ino.toString(36)}-${found.size.toString(36)}-${found.mtimeNs.toString(36)}`
  return { key, kind: 'file', size: Number(found.size), modifiedAt, version }
}
