/** Reads the file system for discovery, and keeps the state of every path that was looked at. */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { fileSizeLimit, readRegularFile } from '../files/read-regular-file.js'
import { OutsideProject } from '../ownership/outside-project.js'

/** The state of a path: modification time, size and inode, or null where it is absent. */
export type PathState = readonly [mtimeMs: number, size: number, inode: number] | null

/** A file system that remembers what it was asked, and asks for each path once. */
export class ConsultedPaths {
  readonly states = new Map<string, PathState>()
  readonly #looked = new Map<string, Stats | undefined>()
  readonly #outside: OutsideProject

  constructor(projectRoot: string) {
    this.#outside = new OutsideProject(projectRoot)
  }

  /**
   * Throws where a path that discovery is about to use was found above the project and belongs to somebody else.
   * @throws StackError `permission-denied`
   */
  requireTrusted(path: string): void {
    this.#outside.requireTrusted(path)
  }

  /** The text of a file, null where it is absent, `too-large` beyond the limit. */
  readText(file: string): string | null | 'too-large' {
    const stats = this.#look(file)
    if (stats?.isFile() !== true) return null
    if (stats.size > fileSizeLimit) return 'too-large'
    try {
      const read = readRegularFile(file)
      return 'text' in read ? read.text : null
    } catch {
      return null
    }
  }

  /** Says whether something is there. */
  exists(path: string): boolean {
    return this.#look(path) !== undefined
  }

  /** The names in a directory, none where there is no such directory. */
  list(directory: string): readonly string[] {
    if (this.#look(directory)?.isDirectory() !== true) return []
    try {
      return readdirSync(directory)
    } catch {
      return []
    }
  }

  /** The real path, or the path itself where it cannot be resolved. */
  realpath(path: string): string {
    try {
      return realpathSync.native(path)
    } catch {
      return path
    }
  }

  #look(path: string): Stats | undefined {
    if (this.#looked.has(path)) return this.#looked.get(path)
    const stats = statOf(path)
    this.#looked.set(path, stats)
    this.states.set(path, stats === undefined ? null : [stats.mtimeMs, stats.size, stats.ino])
    return stats
  }
}

/** Reads a path and its state as a cache keeps them; undefined where they are none. */
export function parsePathState(value: unknown): readonly [path: string, state: PathState] | undefined {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== 'string') return undefined
  const [path, state] = value as unknown as readonly [string, unknown]
  if (state === null) return [path, null]
  const isState = Array.isArray(state) && state.length === 3 && state.every((each) => typeof each === 'number')
  return isState ? [path, state as unknown as PathState] : undefined
}

/** Says whether a path is still in a state it was seen in. */
export function isUnchanged(path: string, state: PathState): boolean {
  const stats = statOf(path)
  if (stats === undefined || state === null) return stats === undefined && state === null
  return stats.mtimeMs === state[0] && stats.size === state[1] && stats.ino === state[2]
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
