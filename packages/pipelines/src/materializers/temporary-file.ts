/** Files that are written once: where the caller says, or at a path that lives as long as the process. */
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { checkFileName } from './file-name.js'
import { localFileError } from './local-file-error.js'

let root: Promise<string> | undefined
let count = 0

/**
 * A path for a file of that name in a new directory of its own, which is removed when the process ends.
 * @throws StackError `invalid-name` for a name that leads elsewhere: it may come from a store.
 */
export async function temporaryPath(name: string): Promise<string> {
  checkFileName(name)
  root ??= makeRoot()
  count += 1
  // Taken before the wait, in which others count on.
  const own = String(count)
  const directory = join(await root, own)
  try {
    await mkdir(directory)
  } catch (error) {
    throw localFileError('make the directory', directory, error)
  }
  return join(directory, name)
}

/** Writes a file where none is; what fails leaves none. */
export async function writeNewFile(path: string, content: ReadableStream<Uint8Array>): Promise<void> {
  try {
    const file = await open(path, 'wx')
    try {
      await pipeline(Readable.fromWeb(content as NodeReadableStream), file.createWriteStream())
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  } catch (error) {
    throw localFileError('write', path, error)
  }
}

async function makeRoot(): Promise<string> {
  const prefix = join(tmpdir(), 'stack-files-')
  const directory = await mkdtemp(prefix).catch((error: unknown) => {
    root = undefined
    throw localFileError('make the directory', prefix, error)
  })
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}
