/** The names that GCS takes, as far as they are narrower than what every store takes. */
import { StackError } from '@stack/core'

/**
 * Gives the name back.
 * @throws StackError `invalid-path`
 */
export function checkObjectName(name: string): string {
  if (name === '.' || name === '..') throw refused('be "." or ".."')
  if (name.startsWith('.well-known/acme-challenge/')) throw refused('begin with ".well-known/acme-challenge/"')
  if (/[\r\n]/.test(name)) throw refused('hold a carriage return or a line feed')
  return name
}

function refused(what: string): StackError {
  return new StackError('invalid-path', `a name in GCS cannot ${what}`)
}
