/** Regular expressions of foreign schemas: JavaScript's own, kept to RE2's syntax and to a limit of time. */
import { Script } from 'node:vm'
import { StackError } from '../../errors/stack-error.js'
import type { JsonSchema } from './json-schema.js'
import { eachSubschema } from './schema-faults.js'

const compiled = new Map<string, RegExp>()
const lengthLimit = 10_000
/**
 * How long one match may take, in milliseconds. One that does not backtrack without end takes microseconds; the rest is for
 * a machine so busy that the process is not served meanwhile, which must not change what is valid.
 */
const timeLimit = 3_000

/** What JavaScript has and RE2 has not: looking around, and referring back. */
const outsideRe2 = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</

/** Why a pattern cannot be used, or undefined; one that can is ready for {@link matchesPattern}. */
export function patternFault(pattern: string): string | undefined {
  if (compiled.has(pattern)) return undefined
  const shown = JSON.stringify(pattern.slice(0, 100))
  if (pattern.length > lengthLimit) return `the pattern ${shown}… is longer than ${lengthLimit} characters`
  if (outsideRe2.test(pattern.replaceAll('\\\\', ''))) {
    return `the pattern ${shown} is outside RE2's syntax (it looks around or refers back)`
  }
  try {
    compiled.set(pattern, compile(pattern))
    return undefined
  } catch (error) {
    return `the pattern ${shown} is no regular expression (${(error as Error).message.slice(0, 200)})`
  }
}

/**
 * Makes every pattern of a schema ready.
 * @throws StackError `invalid-manifest` where a pattern is outside RE2's syntax.
 */
export function preparePatterns(schema: JsonSchema): void {
  const patterns = new Set<string>()
  eachSubschema(schema, (node) => {
    if (typeof node.pattern === 'string') patterns.add(node.pattern)
    for (const pattern of Object.keys((node.patternProperties as object | undefined) ?? {})) patterns.add(pattern)
  })
  for (const pattern of patterns) {
    const fault = patternFault(pattern)
    if (fault === undefined) continue
    throw new StackError('invalid-manifest', `The flavor's JSON Schema cannot be used: ${fault}.`, {
      hint: 'Tell the author of the flavor; an author finds it with: stack flavor generate',
    })
  }
}

/** Says whether a pattern that was prepared matches anywhere in a text; one that takes too long does not, then and ever after. */
export function matchesPattern(pattern: string, text: string): boolean {
  const expression = compiled.get(pattern)
  if (expression === undefined) throw new TypeError(`The pattern ${pattern} was not prepared.`)
  const matched = withinTimeLimit(() => expression.test(text))
  if (matched === undefined) compiled.set(pattern, /(?!)/)
  return matched ?? false
}

/** As JSON Schema reads it, by code points; as it was in the days before, where that is not possible. */
function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

const callKey = Symbol.for('@stack/core/pattern-match')
const holder = globalThis as { [callKey]?: () => boolean }
const script = new Script(`globalThis[Symbol.for('@stack/core/pattern-match')]()`)

/** Calls a function that V8 ends when its time is up; undefined then. */
function withinTimeLimit(call: () => boolean): boolean | undefined {
  holder[callKey] = call
  const start = process.cpuUsage()
  try {
    // V8 looks at the clock. Where the machine was busy with others, the call had no time of its own: it is made again.
    for (;;) {
      try {
        return script.runInThisContext({ timeout: timeLimit }) as boolean
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
        const { user, system } = process.cpuUsage(start)
        if ((user + system) / 1000 >= timeLimit) return undefined
      }
    }
  } finally {
    delete holder[callKey]
  }
}
