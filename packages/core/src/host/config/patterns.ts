/** Regular expressions of foreign schemas, run by an engine whose time is linear in the text. */
import type { RE2JS } from 're2js'
import { StackError } from '../../errors/stack-error.js'
import type { JsonSchema } from './json-schema.js'
import { eachSubschema } from './schema-faults.js'

const compiled = new Map<string, RE2JS>()
const lengthLimit = 10_000

/** Why a pattern cannot be used, or undefined; one that can is ready for {@link matchesPattern}. */
export async function patternFault(pattern: string): Promise<string | undefined> {
  if (compiled.has(pattern)) return undefined
  const shown = JSON.stringify(pattern.slice(0, 100))
  if (pattern.length > lengthLimit) return `the pattern ${shown}… is longer than ${lengthLimit} characters`
  const { RE2JS } = await import('re2js')
  try {
    compiled.set(pattern, RE2JS.compile(RE2JS.translateRegExp(pattern)))
    return undefined
  } catch (error) {
    return `the pattern ${shown} is outside RE2's syntax (${(error as Error).message.slice(0, 200)})`
  }
}

/**
 * Makes every pattern of a schema ready; the engine is loaded only where there is one.
 * @throws StackError `invalid-manifest` where a pattern is outside RE2's syntax.
 */
export async function preparePatterns(schema: JsonSchema): Promise<void> {
  const patterns = new Set<string>()
  eachSubschema(schema, (node) => {
    if (typeof node.pattern === 'string') patterns.add(node.pattern)
    for (const pattern of Object.keys((node.patternProperties as object | undefined) ?? {})) patterns.add(pattern)
  })
  for (const pattern of patterns) {
    const fault = await patternFault(pattern)
    if (fault === undefined) continue
    throw new StackError('invalid-manifest', `The flavor's JSON Schema cannot be used: ${fault}.`, {
      hint: 'Tell the author of the flavor; an author finds it with: stack flavor generate',
    })
  }
}

/** Says whether a pattern that was prepared matches anywhere in a text. */
export function matchesPattern(pattern: string, text: string): boolean {
  const engine = compiled.get(pattern)
  if (engine === undefined) throw new TypeError(`The pattern ${pattern} was not prepared.`)
  return engine.test(text)
}
