/** Checks strings and numbers against the keywords of a JSON Schema. */

import { hasFormat } from './formats.js'
import type { JsonSchema } from './json-schema.js'
import { matchesPattern } from './patterns.js'
import type { SchemaProblem } from './schema-problem.js'

type Path = readonly (string | number)[]

/** Everything wrong with a string: length in characters (code points), pattern, format. */
export function checkString(schema: JsonSchema, value: string, path: Path): readonly SchemaProblem[] {
  const { minLength, maxLength, pattern, format } = schema
  const problems: SchemaProblem[] = []
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length
  if (typeof minLength === 'number' && length < minLength) {
    problems.push({
      path,
      keyword: 'minLength',
      message: minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`,
    })
  }
  if (typeof maxLength === 'number' && length > maxLength) {
    problems.push({ path, keyword: 'maxLength', message: `must have at most ${maxLength} characters` })
  }
  if (typeof pattern === 'string' && !matchesPattern(pattern, value)) {
    problems.push({ path, keyword: 'pattern', message: `must match the pattern ${pattern.slice(0, 200)}` })
  }
  if (typeof format === 'string' && !hasFormat(format, value)) {
    problems.push({ path, keyword: 'format', message: `must be of the format ${format.slice(0, 100)}` })
  }
  return problems
}

/** Everything wrong with a number: bounds and steps. */
export function checkNumber(schema: JsonSchema, value: number, path: Path): readonly SchemaProblem[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const problems: SchemaProblem[] = []
  if (typeof minimum === 'number' && value < minimum) {
    problems.push({ path, keyword: 'minimum', message: `must be at least ${minimum}` })
  }
  if (typeof maximum === 'number' && value > maximum) {
    problems.push({ path, keyword: 'maximum', message: `must be at most ${maximum}` })
  }
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) {
    problems.push({ path, keyword: 'exclusiveMinimum', message: `must be greater than ${exclusiveMinimum}` })
  }
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) {
    problems.push({ path, keyword: 'exclusiveMaximum', message: `must be less than ${exclusiveMaximum}` })
  }
  if (typeof multipleOf === 'number' && !isMultiple(value, multipleOf)) {
    problems.push({ path, keyword: 'multipleOf', message: `must be a multiple of ${multipleOf}` })
  }
  return problems
}

/** Whether a decimal is a multiple of another, reckoned in whole units of their last digits. */
function isMultiple(value: number, step: number): boolean {
  if (!Number.isFinite(value)) return false
  const [digits, exponent] = toDecimal(value)
  const [stepDigits, stepExponent] = toDecimal(step)
  const difference = exponent - stepExponent
  return difference >= 0
    ? (digits * 10n ** BigInt(difference)) % stepDigits === 0n
    : digits % (stepDigits * 10n ** BigInt(-difference)) === 0n
}

function toDecimal(value: number): readonly [digits: bigint, exponent: number] {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toString().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return [BigInt(whole + fraction), Number(exponent) - fraction.length]
}
