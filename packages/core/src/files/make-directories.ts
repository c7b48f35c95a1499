/** Makes a directory with its parents. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a directory and those above it that are absent. Node's own recursive way never ends within `/proc`.
 * @returns The uppermost one that was made; undefined where the directory was there.
 */
export function makeDirectories(directory: string): string | undefined {
  try {
    mkdirSync(directory)
    return directory
  } catch (error) {
    const parent = dirname(directory)
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT' && parent !== directory
    if (!isAbsent) return thereOr(error, directory)
    const first = makeDirectories(parent)
    try {
      mkdirSync(directory)
    } catch (again) {
      // Another process may have been faster.
      thereOr(again, directory)
    }
    return first ?? directory
  }
}

function thereOr(error: unknown, directory: string): undefined {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
}
