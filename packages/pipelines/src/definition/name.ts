/** Names of pipelines, steps, invocations and outputs: they become segments of keys in any artifact store. */
import { StackError } from '@stack/core'

/** What a name may look like. */
export const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** Characters a name may have; with a suffix it still fits into a segment of a key. */
const maximumLength = 128

/** Names that mean something else in a run's directory, or to JavaScript. */
const reserved = new Set(['cancel', 'log', '__proto__'])

/**
 * Checks a name.
 * @throws StackError `invalid-name`, saying what kind of thing the name was for.
 */
export function checkName(kind: string, name: unknown): string {
  const problem = nameProblem(name)
  if (problem === undefined) return name as string
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 40)) : String(name)
  throw new StackError('invalid-name', `${shown} cannot be the name of a ${kind}: ${problem}.`, {
    hint: 'A name begins with a letter or _ and goes on with letters, digits, _ and -.',
  })
}

/** Why a value is no name, or undefined where it is one. */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'it is not a string'
  if (name.length > maximumLength) return `it is longer than ${maximumLength} characters`
  if (!namePattern.test(name))
    return 'it has other characters than letters, digits, _ and -, or begins with a digit or -'
  if (reserved.has(name.toLowerCase())) return 'it is reserved'
  return undefined
}
