/** Versions that callers give as a condition. */
import { StackError } from '../errors/stack-error.js'

/** An entity tag in its quotes (https://www.rfc-editor.org/rfc/rfc9110#name-etag), or a word without quotes and commas. */
const oneVersion = /^(?:(?:W\/)?"[\x20\x21\x23-\x7e]*"|[\x21\x23-\x2b\x2d-\x7e]+)$/

/**
 * Refuses what no `stat` returned as a version: HTTP takes `*` for any object, and a list for each of its members.
 * @throws StackError `usage`
 */
export function checkVersion(ifMatch: unknown): void {
  if (ifMatch === undefined) return
  if (typeof ifMatch === 'string' && ifMatch !== '*' && oneVersion.test(ifMatch)) return
  const shown = typeof ifMatch === 'string' ? JSON.stringify(ifMatch.slice(0, 100)) : typeof ifMatch
  throw new StackError('usage', `ifMatch is a version of an object, not ${shown}`, {
    hint: 'Pass the version that stat or write returned.',
  })
}
