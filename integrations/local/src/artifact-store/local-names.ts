/** The names in a directory, without what leads out of the store or is not finished. */
import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeys, type DirectoryNames, type OperationOptions } from '@stack/core'
import { takeTurn } from './fair-turns.js'
import { type LocalPaths, temporaryDirectory } from './local-paths.js'
import { lstatPath, statListed } from './local-stat.js'
import { whenOpenable } from './open-files.js'
import { meansAbsent, toStoreError } from './to-store-error.js'

/** Each kind in order; nothing where the directory is absent or a file. */
export async function readNames(paths: LocalPaths, key: string, options: OperationOptions): Promise<DirectoryNames> {
  const turn = takeTurn()
  if (turn !== undefined) await turn
  options.signal?.throwIfAborted()
  try {
    const path = paths.find(key)
    if (path === null) return toNames(paths, { key, path: '' }, [])
    const found = await whenOpenable(() => readdirSync(path, { withFileTypes: true }), options.signal)
    return toNames(paths, { key, path }, found)
  } catch (error) {
    if (meansAbsent(error)) return toNames(paths, { key, path: '' }, [])
    throw toStoreError(error)
  }
}

/** What may stand for bytes that are not UTF-8, and what JavaScript orders otherwise than UTF-8. */
const unusual = /[\ud800-\uffff]/

function toNames(
  paths: LocalPaths,
  directory: { key: string; path: string },
  found: readonly Dirent[],
): DirectoryNames {
  const directories: string[] = []
  const files: string[] = []
  const links = new Set<string>()
  let order: typeof compareKeys | undefined
  for (const entry of found) {
    const { name } = entry
    if (name === temporaryDirectory) continue
    if (unusual.test(name)) {
      if (!isUtf8(directory.path, name)) continue
      order = compareKeys
    }
    if (entry.isFile()) {
      files.push(name)
    } else if (entry.isDirectory()) {
      directories.push(name)
    } else if (entry.isSymbolicLink()) {
      const target = statListed(paths, directory.key === '' ? name : `${directory.key}/${name}`)
      if (target === null) continue
      links.add(name)
      if (target.kind === 'file') files.push(name)
      else directories.push(name)
    }
  }
  return { directories: directories.sort(compareDirectories), files: files.sort(order), links }
}

/** As the keys of what is in them. */
function compareDirectories(left: string, right: string): number {
  return compareKeys(`${left}/`, `${right}/`)
}

/** A name that is not UTF-8 arrives with replacement characters, and then names nothing. */
function isUtf8(directory: string, name: string): boolean {
  return !name.includes('\ufffd') || lstatPath(join(directory, name)) !== undefined
}
