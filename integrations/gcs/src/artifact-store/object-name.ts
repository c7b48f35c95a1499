/** The names that GCS takes, as far as they are narrower than what every store takes. */
import { StackError } from '@stack/core'

/**
 * Gives the name back.
 * @throws StackError `invalid-path`
 */
export function checkObjectName(name: string): string {
  const refusal = refusalOf(name)
  if (refusal === undefined) return name
  throw new StackError('invalid-path', `a name in GCS cannot ${refusal}`)
}

/** Whether GCS takes a name; emulators have others too. */
export function isObjectName(name: string): boolean {
  return refusalOf(name) === undefined
}

/** What a name does that none can. */
function refusalOf(name: string): string | undefined {
  if (name === '.' || name === '..') return 'be "." or ".."'
  if (name.startsWith('.well-known/acme-challenge/')) return 'begin with ".well-known/acme-challenge/"'
  if (/[\r\n]/.test(name)) return 'hold a carriage return or a line feed'
  return undefined
}
