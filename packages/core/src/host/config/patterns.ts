/** Regular expressions of foreign schemas: JavaScript's own, kept to RE2's syntax. They run within {@link WorkTime}. */
import { StackError } from '../../errors/stack-error.js'
import type { JsonSchema } from './json-schema.js'
import { eachSubschema } from './schema-faults.js'

const compiled = new Map<string, RegExp>()
const lengthLimit = 10_000
/** What JavaScript has and RE2 has not: looking around, and referring back. */
const outsideRe2 = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</

/** Why a pattern cannot be used, or undefined; one that can is ready for {@link matchesPattern}. */
export function patternFault(pattern: string): string | undefined {
  if (compiled.has(pattern)) return undefined
  if (pattern.length > lengthLimit) return `the pattern ${shown(pattern)}… is longer than ${lengthLimit} characters`
  if (outsideRe2.test(pattern.replaceAll('\\\\', ''))) {
    return `the pattern ${shown(pattern)} is outside RE2's syntax (it looks around or refers back)`
  }
  try {
    compiled.set(pattern, compile(pattern))
    return undefined
  } catch (error) {
    return `the pattern ${shown(pattern)} is no regular expression (${(error as Error).message.slice(0, 200)})`
  }
}

/**
 * Makes every pattern of a schema ready; returns whether there is one.
 * @throws StackError `invalid-manifest` where a pattern is outside RE2's syntax.
 */
export function preparePatterns(schema: JsonSchema): boolean {
  const patterns = new Set<string>()
  eachSubschema(schema, (node) => {
    if (typeof node.pattern === 'string') patterns.add(node.pattern)
    for (const pattern of Object.keys((node.patternProperties as object | undefined) ?? {})) patterns.add(pattern)
  })
  for (const pattern of patterns) {
    const fault = patternFault(pattern)
    if (fault !== undefined) throw unusable(fault)
  }
  return patterns.size > 0
}

/**
 * Whether a pattern that was prepared matches anywhere in a text.
 * @throws StackError `invalid-manifest` where the pattern needs more memory than there may be for one.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const expression = compiled.get(pattern)
  if (expression === undefined) throw new TypeError(`The pattern ${pattern} was not prepared.`)
  try {
    return expression.test(text)
  } catch (error) {
    throw unusable(`the pattern ${shown(pattern)} cannot be run (${(error as Error).message.slice(-100)})`)
  }
}

/** As JSON Schema reads it, by code points; as it was in the days before, where that is not possible. */
function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

function unusable(fault: string): StackError {
  return new StackError('invalid-manifest', `The flavor's JSON Schema cannot be used: ${fault}.`, {
    hint: 'Tell the author of the flavor; an author finds it with: stack flavor generate',
  })
}

function shown(pattern: string): string {
  return JSON.stringify(pattern.slice(0, 100))
}
