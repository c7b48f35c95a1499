/** What the record store throws of its own. */
import { type Revisioned, StackError } from '@stack/core'
import type { Connection } from './connection.js'

/** A name that is taken. `kind` is the noun: `artifact-store`, `stack`, `artifact-store flavor`. */
export function alreadyExists(kind: string, name: string): StackError {
  return new StackError('already-exists', `The ${kind} "${name}" exists already.`)
}

/** A record that is not there. */
export function recordNotFound(kind: string, name: string): StackError {
  return new StackError('not-found', `There is no ${kind} "${name}".`)
}

/** How a record is called in messages. */
export interface RecordName {
  readonly kind: string
  readonly name: string
}

/** The revision of a row, also of one that is damaged elsewhere. */
export function revisionOf(connection: Connection, table: string, id: string): number | undefined {
  return connection.get<{ revision: number }>(`SELECT revision FROM ${table} WHERE id = ?`, [id])?.revision
}

/** Checks that a record is there and still as the caller saw it. */
export function requireRevision(revision: number | undefined, expectedRevision: number, what: RecordName): void {
  if (revision === undefined) throw recordNotFound(what.kind, what.name)
  if (revision === expectedRevision) return
  throw new StackError('conflict', `The ${what.kind} "${what.name}" was changed by another command meanwhile.`, {
    hint: 'Look at it again, then repeat the change.',
    details: { expectedRevision, revision },
  })
}

/** The next revision of a record, at this moment. */
export function nextRevision<R extends Revisioned>(record: R, expectedRevision: number): R {
  return { ...record, revision: expectedRevision + 1, updatedAt: new Date().toISOString() }
}
