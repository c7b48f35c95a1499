/** Ids of runs. */
import { randomBytes } from 'node:crypto'
import { StackError } from '@stack/core'

/** A new id: the time in UTC, so that listings sort by it, and four random bytes. */
export function newRunId(now: Date = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return `${time}-${randomBytes(4).toString('hex')}`
}

/** Whether a text can be the id of a run. */
export function isRunId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(id)
}

/**
 * Checks an id that was given: it is a segment of paths.
 * @throws StackError `invalid-name`.
 */
export function checkRunId(id: string): string {
  if (isRunId(id)) return id
  throw new StackError('invalid-name', `${JSON.stringify(id.slice(0, 100))} cannot be the id of a run.`, {
    hint: 'Use letters, digits, "_" and "-", at most 128 of them, beginning with a letter or a digit.',
  })
}
