/** Unfinished writes: files in a directory of their own, on the store's file system, that no listing shows. */
import { randomBytes } from 'node:crypto'
import { closeSync, constants, futimesSync, openSync, readdirSync, rmSync, statSync, unlinkSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectories, type OperationOptions, type UnfinishedUpload } from '@stack/core'
import { temporaryDirectory } from './local-paths.js'
import { meansAbsent, systemCode, toStoreError } from './to-store-error.js'

/** What a write that never ended leaves is removed after a day without a change, by whoever writes next. */
const staleAfterMs = 24 * 60 * 60 * 1000

/** How often the directory is made again, where another process removes it. */
const attempts = 10

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

/** What the names of this thread's files begin with. */
const ownPrefix = `${process.pid}-${randomBytes(6).toString('hex')}-`
let count = 0

export class TemporaryFiles {
  readonly #directory: string
  #swept = false

  constructor(root: string) {
    this.#directory = join(root, temporaryDirectory)
  }

  /** Opens a new file; the first one makes the directory and removes what is stale in it. */
  open(): TemporaryFile {
    const path = this.#newPath()
    for (let attempt = 1; ; attempt += 1) {
      try {
        return temporaryFile(path, openSync(path, 'wx', 0o666))
      } catch (error) {
        if (!meansAbsent(error) || attempt === attempts) throw error
        // Somebody removed the store in the meantime.
        makeDirectories(this.#directory)
      }
    }
  }

  /** A new file that shares the blocks of another; null where the file system cannot. */
  async clone(source: string): Promise<TemporaryFile | null> {
    const path = this.#newPath()
    try {
      await copyFile(source, path, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL)
      return temporaryFile(path, openSync(path, 'r+'))
    } catch {
      // Whatever it is, the copy that follows has it too, or has it not.
      rmSync(path, { force: true })
      return null
    }
  }

  /** Files whose writers are gone, and when they were changed last. */
  async *unfinished({ signal }: OperationOptions): AsyncGenerator<UnfinishedUpload, void, undefined> {
    for (const name of this.#unfinishedNames()) {
      signal?.throwIfAborted()
      const path = join(this.#directory, name)
      const startedAt = statSync(path, { throwIfNoEntry: false })?.mtime
      if (startedAt === undefined || hasWriter(name, startedAt)) continue
      yield { key: `${temporaryDirectory}/${name}`, startedAt, abort: async () => rmSync(path, { force: true }) }
    }
  }

  #newPath(): string {
    if (!this.#swept) this.#sweep()
    count += 1
    return join(this.#directory, `${ownPrefix}${count}`)
  }

  #unfinishedNames(): readonly string[] {
    try {
      return this.#names()
    } catch (error) {
      throw toStoreError(error)
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#directory)
    } catch (error) {
      if (meansAbsent(error)) return []
      throw error
    }
  }

  #sweep(): void {
    makeDirectories(this.#directory)
    this.#swept = true
    for (const name of this.#names()) {
      const path = join(this.#directory, name)
      const found = statSync(path, { throwIfNoEntry: false })
      if (found !== undefined && Date.now() - found.mtimeMs > staleAfterMs) rmSync(path, { force: true })
    }
  }
}

/** Says whether the process that a file is named after may still be writing it, as far as this machine can tell. */
function hasWriter(name: string, changedAt: Date): boolean {
  if (name.startsWith(ownPrefix)) return true
  const pid = Number.parseInt(name, 10)
  // Another thread of this process; or a process before it that had the same id, as the first of a container has.
  if (pid === process.pid) return changedAt.getTime() >= Date.now() - process.uptime() * 1000
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return systemCode(error) === 'EPERM'
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
