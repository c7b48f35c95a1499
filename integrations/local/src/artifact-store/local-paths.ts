/** From keys to real paths: symbolic links are followed as long as they stay below the root. */
import { lstatSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectories, StackError } from '@stack/core'
import { meansAbsent } from './to-store-error.js'

/** The directory of unfinished writes, at the root of a store; no name in a store may be this. */
export const temporaryDirectory = '.stack-tmp'

/** Where a write goes: a directory's real path, the name in it, and the directories made on the way, highest first. */
export interface WritePlace {
  readonly directory: string
  readonly path: string
  readonly made: readonly string[]
}

export class LocalPaths {
  readonly root: string
  #realRoot: string | undefined

  constructor(root: string) {
    this.root = root
  }

  /** Makes the root where it is absent, and gives the directories made on the way. */
  makeRoot(): readonly string[] {
    if (this.#realRoot !== undefined) return []
    const found = lstatSync(this.root, { throwIfNoEntry: false })
    if (found?.isFile()) throw new StackError('not-a-directory', 'the root of the store is a file')
    const first = makeDirectories(this.root)
    this.#findRoot()
    return first === undefined ? [] : pathsBetween(first, this.root)
  }

  /** Looks for the root anew: another process may have removed it. */
  forgetRoot(): void {
    this.#realRoot = undefined
  }

  /** The real path of what a key names, or null where nothing is there. */
  find(key: string): string | null {
    checkReserved(key)
    const root = this.#findRoot()
    if (root === null) return null
    try {
      return this.#contain(root, realpathSync.native(join(root, key)))
    } catch (error) {
      if (meansAbsent(error)) return null
      throw error
    }
  }

  /** The path of a key itself, its last segment not followed where it is a link; null where its parent is absent. */
  findUnfollowed(key: string): string | null {
    const slash = key.lastIndexOf('/')
    checkReserved(key)
    const parent = this.find(key.slice(0, Math.max(0, slash)))
    return parent === null ? null : join(parent, key.slice(slash + 1))
  }

  /** Where to write a key; its parents are made. */
  place(key: string): WritePlace {
    const slash = key.lastIndexOf('/')
    checkReserved(key)
    const { directory, made } = this.makeDirectories(key.slice(0, Math.max(0, slash)))
    return { directory, path: join(directory, key.slice(slash + 1)), made }
  }

  /** The real path of a directory, made with its parents where it is absent. */
  makeDirectories(key: string): { readonly directory: string; readonly made: readonly string[] } {
    checkReserved(key)
    const above = this.makeRoot()
    const root = this.#findRoot() ?? this.root
    const wanted = join(root, key)
    let existing = wanted
    // Asked for first, since a miss costs less so than as an error of realpath.
    while (existing !== root && !exists(existing)) existing = dirname(existing)
    const found = this.#contain(root, realpathSync.native(existing))
    if (existing === wanted) return { directory: found, made: above }
    // What exists of the way lies below the root, so what is made in it does.
    const directory = join(found, wanted.slice(existing.length))
    const first = makeDirectories(directory)
    return { directory, made: first === undefined ? above : [...above, ...pathsBetween(first, directory)] }
  }

  #findRoot(): string | null {
    if (this.#realRoot !== undefined) return this.#realRoot
    try {
      this.#realRoot = realpathSync.native(this.root)
      return this.#realRoot
    } catch (error) {
      if (meansAbsent(error)) return null
      throw error
    }
  }

  #contain(root: string, path: string): string {
    const inside = path === root || root === '/' || (path.startsWith(root) && path[root.length] === '/')
    if (inside) return path
    throw new StackError('invalid-path', 'a symbolic link leads out of the store')
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Refuses keys that lead to unfinished writes, which no listing shows. */
function checkReserved(key: string): void {
  if (!key.includes(temporaryDirectory)) return
  if (key.split('/').includes(temporaryDirectory)) {
    throw new StackError('invalid-path', `the name "${temporaryDirectory}" is kept for unfinished writes`)
  }
}

function pathsBetween(first: string, last: string): string[] {
  const paths = [last]
  for (let path = last; path !== first && path.length > first.length; ) {
    path = dirname(path)
    paths.unshift(path)
  }
  return paths
}
