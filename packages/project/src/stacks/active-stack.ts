/** Which stack is active: `--stack`, else `STACK_ACTIVE_STACK`, else the local choice, else `default`. */
import { readFileSync, statSync } from 'node:fs'
import { fromFileError } from '@stack/core/host'
import { replaceProjectFile } from '../root/project-directory.js'

/** Where the choice of the active stack comes from. */
export type ActiveStackSource = 'flag' | 'environment' | 'project' | 'default'

/** What overrides the local choice. */
export interface ActiveStackSelection {
  /** What `--stack` gave. */
  readonly flag?: string | undefined
  /** Where `STACK_ACTIVE_STACK` is looked up; the project's own environment unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** More bytes than any id has. */
const longestChoice = 1024

/** An id that no stack has. */
const noId = '?'

/**
 * The id of the stack chosen in this project, a file by itself: an id, so that a rename keeps the choice. What is no id, as a
 * broken disk leaves it, is returned as one that no stack has.
 */
export function readLocalChoice(file: string): string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    const text = stats.isFile() && stats.size <= longestChoice ? readFileSync(file, 'utf8').trim() : noId
    if (text === '') return undefined
    return /^[\w.-]+$/.test(text) ? text : noId
  } catch (error) {
    throw fromFileError(error, file)
  }
}

/** Writes the choice whole or not at all. */
export function writeLocalChoice(file: string, id: string): void {
  replaceProjectFile(file, `${id}\n`)
}
