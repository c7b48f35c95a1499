/** What the record store throws of its own. */
import { type Revisioned, StackError } from '@stack/core'

/** A name that is taken. `kind` is the noun: `artifact-store`, `stack`, `artifact-store flavor`. */
export function alreadyExists(kind: string, name: string): StackError {
  return new StackError('already-exists', `The ${kind} "${name}" exists already.`)
}

/** A record that is not there. */
export function recordNotFound(kind: string, name: string): StackError {
  return new StackError('not-found', `There is no ${kind} "${name}".`)
}

/** Checks that a record is there and still as the caller saw it. */
export function requireRevision<R extends Revisioned>(
  found: R | null,
  expectedRevision: number,
  what: { readonly kind: string; readonly name: string },
): R {
  if (found === null) throw recordNotFound(what.kind, what.name)
  if (found.revision === expectedRevision) return found
  throw new StackError('conflict', `The ${what.kind} "${what.name}" was changed by another command meanwhile.`, {
    hint: 'Look at it again, then repeat the change.',
    details: { expectedRevision, revision: found.revision },
  })
}

/** The next revision of a record, at this moment. */
export function nextRevision<R extends Revisioned>(record: R, expectedRevision: number): R {
  return { ...record, revision: expectedRevision + 1, updatedAt: new Date().toISOString() }
}
