/** Which stack is active: `--stack`, else `STACK_ACTIVE_STACK`, else the local choice, else `default`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fromFileError } from '../records/to-stack-error.js'

/** Where the choice of the active stack comes from. */
export type ActiveStackSource = 'flag' | 'environment' | 'project' | 'default'

/** What overrides the local choice. */
export interface ActiveStackSelection {
  /** What `--stack` gave. */
  readonly flag?: string | undefined
  /** Where `STACK_ACTIVE_STACK` is looked up; the project's own environment unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The id of the stack chosen in this project, a file by itself: an id, so that a rename keeps the choice. */
export function readLocalChoice(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fromFileError(error, file)
  }
}

/** Writes the choice whole or not at all. */
export function writeLocalChoice(file: string, id: string): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, `${id}\n`)
    renameSync(temporary, file)
  } catch (error) {
    throw fromFileError(error, file)
  }
}
