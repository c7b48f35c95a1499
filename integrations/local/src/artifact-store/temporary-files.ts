/** Unfinished writes: files in a directory of their own, on the store's file system, that no listing shows. */
import { randomBytes } from 'node:crypto'
import { closeSync, futimesSync, mkdirSync, openSync, readdirSync, rmSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from './local-paths.js'
import { meansAbsent } from './to-store-error.js'

/** What a write that never ended leaves is removed after a day without a change, by whoever writes next. */
const staleAfterMs = 24 * 60 * 60 * 1000

/** A file being written; closing it twice does nothing. */
export interface TemporaryFile {
  readonly path: string
  readonly descriptor: number
  close(): void
  /** Its name is another now: there is nothing left to discard. */
  forget(): void
  /** Closes and removes it. */
  discard(): void
}

export class TemporaryFiles {
  readonly #directory: string
  readonly #prefix = `${process.pid}-${randomBytes(6).toString('hex')}`
  #count = 0
  #swept = false

  constructor(root: string) {
    this.#directory = join(root, temporaryDirectory)
  }

  /** Opens a new file; the first one makes the directory and removes what is stale in it. */
  open(): TemporaryFile {
    if (!this.#swept) this.#sweep()
    this.#count += 1
    const path = join(this.#directory, `${this.#prefix}-${this.#count}`)
    let descriptor: number
    try {
      descriptor = openSync(path, 'wx', 0o666)
    } catch (error) {
      if (!meansAbsent(error)) throw error
      // Somebody emptied the store in the meantime.
      mkdirSync(this.#directory, { recursive: true })
      descriptor = openSync(path, 'wx', 0o666)
    }
    return temporaryFile(path, descriptor)
  }

  #sweep(): void {
    mkdirSync(this.#directory, { recursive: true })
    this.#swept = true
    for (const name of readdirSync(this.#directory)) {
      const path = join(this.#directory, name)
      const found = statSync(path, { throwIfNoEntry: false })
      if (found !== undefined && Date.now() - found.mtimeMs > staleAfterMs) rmSync(path, { force: true })
    }
  }
}

function temporaryFile(path: string, descriptor: number): TemporaryFile {
  let open = true
  const close = (): void => {
    if (!open) return
    open = false
    closeSync(descriptor)
  }
  let named = true
  const forget = (): void => {
    named = false
  }
  const discard = (): void => {
    close()
    if (!named) return
    try {
      unlinkSync(path)
    } catch (error) {
      if (!meansAbsent(error)) throw error
    }
  }
  return { path, descriptor, close, forget, discard }
}

let lastStamp = 0

/**
 * Gives a file a time of change that no other write of this process has. The clock of a file system ticks in
 * milliseconds and inode numbers are used again, so without it two versions could look the same.
 */
export function stamp(descriptor: number): void {
  lastStamp = Math.max((performance.timeOrigin + performance.now()) / 1000, lastStamp + 1e-6)
  futimesSync(descriptor, lastStamp, lastStamp)
}
