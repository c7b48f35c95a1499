/** The facts a step or a component records: checked as JSON. */

import { formatProblemPath, type JsonValue, type Metadata, type Problem, StackError } from '@stack/core'
import { maximumDepth } from '../materializers/plain-json.js'

/**
 * Checks that metadata is an object of JSON values and copies it, so that later changes of the caller's object are not seen.
 * @throws StackError `invalid-input`, with every value that is none of JSON's and its path.
 */
export function checkMetadata(metadata: unknown, owner: string): Metadata {
  const problems: Problem[] = []
  const seen: object[] = []

  function check(value: unknown, path: readonly PropertyKey[]): JsonValue {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (typeof value !== 'object') return refuse(path, describe(value))
    if (seen.includes(value)) return refuse(path, 'a cycle')
    if (seen.length > maximumDepth) return refuse(path.slice(0, 3), 'nested too deeply')
    seen.push(value)
    try {
      if (Array.isArray(value)) return value.map((item, index) => check(item, [...path, index]))
      const prototype = Object.getPrototypeOf(value)
      if (prototype !== Object.prototype && prototype !== null) {
        return refuse(path, `a ${value.constructor?.name ?? 'special object'}`)
      }
      const copy: Record<string, JsonValue> = Object.create(null)
      for (const [key, item] of Object.entries(value)) {
        if (item !== undefined) copy[key] = check(item, [...path, key])
      }
      return { ...copy }
    } finally {
      seen.pop()
    }
  }

  function refuse(path: readonly PropertyKey[], what: string): null {
    problems.push({ path: formatProblemPath(path), message: `is ${what}, which JSON cannot say` })
    return null
  }

  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new StackError(
      'invalid-input',
      `The metadata of ${owner} is ${describe(metadata)}, not an object of named facts.`,
    )
  }
  const checked = check(metadata, [])
  if (problems.length === 0) return checked as Metadata
  const list = problems.map(({ path, message }) => `${path === '' ? 'it' : path} ${message}`).join('; ')
  throw new StackError('invalid-input', `The metadata of ${owner} cannot be kept: ${list}.`, {
    hint: 'Metadata is JSON: strings, finite numbers, booleans, null, arrays and plain objects of them.',
    problems,
  })
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return String(value)
  return value === undefined ? 'undefined' : `a ${typeof value}`
}
