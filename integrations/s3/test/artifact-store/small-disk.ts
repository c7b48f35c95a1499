/** A disk that is soon full, where this machine lets one be mounted. */
import { execFile } from 'node:child_process'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A directory on a disk of its own. */
export interface SmallDisk extends AsyncDisposable {
  readonly directory: string
}

/** Says whether one can be mounted here. */
export async function isMountPermitted(): Promise<boolean> {
  const disk = await mountSmallDisk().catch(() => undefined)
  await disk?.[Symbol.asyncDispose]()
  return disk !== undefined
}

/** Mounts one of 64 KiB. */
export async function mountSmallDisk(): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'stack-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory])
  } catch (error) {
    await rmdir(directory)
    throw error
  }
  return {
    directory,
    async [Symbol.asyncDispose]() {
      await run('umount', [directory])
      await rmdir(directory)
    },
  }
}
