/** What a driver refuses, in the words that all stores share. */
import { StackError } from '../errors/stack-error.js'

/** The error for an object that is there and must not be replaced. */
export function alreadyExists(): StackError {
  return new StackError('already-exists', 'it exists')
}

/** The error for an object of another version than was asked for. */
export function versionChanged(): StackError {
  return new StackError('precondition-failed', 'it has changed since, or is gone')
}
