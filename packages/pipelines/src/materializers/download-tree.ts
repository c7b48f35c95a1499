/** Writes a directory out into one of this machine. */
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StackError } from '@stack/core'
import { atOnce, shareConnections } from './at-once.js'
import type { DirectorySource } from './directory-tree.js'
import { localFileError } from './local-file-error.js'

/**
 * Fills a directory, which is made unless it is there and empty; what fails leaves it as it was.
 * @throws StackError `already-exists` where something is in it.
 */
export async function downloadTree(source: DirectorySource, target: string): Promise<void> {
  const { files, emptyDirectories } = await source.tree()
  const made = await makeDirectory(target)
  if ((await readdir(target)).length > 0) {
    throw new StackError('already-exists', `The directory ${target} has something in it already.`, {
      hint: 'Give a directory that is new, or empty.',
    })
  }
  const { filesAtOnce, concurrency } = shareConnections(files.length)
  try {
    const directories = new Set([...emptyDirectories, ...files.map(({ path }) => dirname(path))])
    for (const directory of directories) await makeDirectory(join(target, directory))
    await atOnce(files, filesAtOnce, async ({ path, executable }) => {
      const opened = await source.open(path)
      if (opened === null) throw new StackError('conflict', `The file ${path} went away while it was copied.`)
      await opened.download(join(target, path), { concurrency })
      if (executable === true) await makeExecutable(join(target, path))
    })
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true })
    else for (const name of await readdir(target)) await rm(join(target, name), { recursive: true, force: true })
    throw error
  }
}

/** Makes a directory and its parents, and gives the topmost that was not there. */
async function makeDirectory(path: string): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true })
  } catch (error) {
    throw localFileError('make the directory', path, error)
  }
}

/** Whoever may read a file may execute it too. */
async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path)
  await chmod(path, mode | ((mode & 0o444) >> 2))
}
