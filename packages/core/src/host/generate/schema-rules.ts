/** The rules a config's zod schema must follow so that a JSON Schema can say the same; each broken one is named. */
import type { z } from 'zod'
import { formatProblemPath, type Problem } from '../../errors/problem.js'
import type { ObjectSchema } from '../../flavor/flavor-types.js'
import { formatsWithoutPattern } from '../config/formats.js'
import { patternFault } from '../config/patterns.js'

/** What is read of a zod schema here, see `zod/v4/core`. */
interface Definition {
  readonly type: string
  readonly checks?: readonly z.core.$ZodCheck[]
  readonly coerce?: boolean
  readonly catchall?: z.core.$ZodType
  readonly [key: string]: unknown
}

/** What is done with values of these types cannot be said in JSON Schema. */
const refusedTypes: Readonly<Record<string, string>> = {
  transform: 'transform()',
  pipe: 'pipe(), transform(), preprocess() or a codec',
  catch: 'catch()',
  prefault: 'prefault()',
  success: 'success()',
  date: 'date()',
  bigint: 'bigint()',
  symbol: 'symbol()',
  function: 'function()',
  map: 'map()',
  set: 'set()',
  file: 'file()',
  custom: 'custom() or instanceof()',
  promise: 'promise()',
  undefined: 'undefined()',
  void: 'void()',
  nan: 'nan()',
  never: 'never()',
}

const refusedFormats = ['emoji', 'jwt', 'json_string', 'cidrv6', 'base64url']

/** Every construct of a schema that JSON Schema cannot say, with the field it stands at. */
export async function schemaRuleProblems(schema: ObjectSchema): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  const refuse = (path: Path, construct: string, instead: string): void => {
    problems.push({
      path: formatProblemPath(path),
      message: `uses ${construct}, which JSON Schema cannot say: ${instead}`,
    })
  }
  const definition = definitionOf(schema)
  if (
    definition.type !== 'object' ||
    definition.catchall === undefined ||
    definitionOf(definition.catchall).type !== 'never'
  ) {
    refuse([], 'an object that takes unknown keys', 'use z.strictObject()')
  }
  const patterns: PlacedPattern[] = []
  visit(schema, [], { refuse, patterns, seen: new Set() })
  for (const { path, pattern } of patterns) {
    const fault = patternFault(pattern)
    if (fault !== undefined) refuse(path, fault, 'write it without lookaround and backreferences')
  }
  return problems
}

type Path = readonly (string | number)[]

interface PlacedPattern {
  readonly path: Path
  readonly pattern: string
}

interface Visit {
  readonly patterns: PlacedPattern[]
  readonly refuse: (path: Path, construct: string, instead: string) => void
  readonly seen: Set<unknown>
}

function visit(schema: unknown, path: Path, state: Visit): void {
  if (!isSchema(schema) || state.seen.has(schema)) return
  state.seen.add(schema)
  const definition = definitionOf(schema)
  const refused = refusedTypes[definition.type]
  if (refused !== undefined) {
    // An object's `never` catchall is what makes it strict, and is not visited.
    state.refuse(path, refused, 'declare the value as it is written, and convert it in the implementation')
    return
  }
  if (definition.coerce === true) state.refuse(path, 'coerce', 'declare the type as it is written')
  if (definition.type === 'string' || definition.type === 'template_literal') checkStringRules(schema, path, state)
  for (const check of definition.checks ?? []) checkRules(check, path, state)
  for (const [key, child] of childrenOf(definition)) visit(child, key === undefined ? path : [...path, key], state)
}

function checkRules(check: z.core.$ZodCheck, path: Path, state: Visit): void {
  const {
    check: kind,
    pattern,
    format,
  } = check._zod.def as unknown as { check: string; pattern?: RegExp; format?: string }
  if (kind === 'overwrite')
    state.refuse(
      path,
      'a method that changes the string (trim, toLowerCase, …)',
      'refuse the wrong form with a pattern',
    )
  if (kind === 'string_format') patternRules(format, pattern, path, state)
}

/** A string schema such as z.email() is its own check. */
function checkStringRules(schema: z.core.$ZodType, path: Path, state: Visit): void {
  const { format, pattern } = schema._zod.def as unknown as { format?: string; pattern?: RegExp }
  patternRules(format, pattern, path, state)
}

function patternRules(format: string | undefined, pattern: RegExp | undefined, path: Path, state: Visit): void {
  if (format !== undefined && refusedFormats.includes(format)) {
    state.refuse(path, `the format ${format}`, 'use regex() with a pattern within RE2')
    return
  }
  if (!(pattern instanceof RegExp) || (format !== undefined && formatsWithoutPattern.includes(format))) return
  const flags = pattern.flags.replace(/[dgu]/g, '')
  if (flags !== '')
    state.refuse(path, `a pattern with the flag "${flags}"`, 'write the pattern so that it needs no flag')
  state.patterns.push({ path, pattern: pattern.source })
}

function* childrenOf(definition: Definition): Iterable<readonly [key: string | number | undefined, child: unknown]> {
  const { shape, options, items, rest, element, keyType, valueType, innerType, left, right, getter } = definition
  if (typeof shape === 'object' && shape !== null) yield* Object.entries(shape)
  for (const list of [options, items]) if (Array.isArray(list)) for (const child of list) yield [undefined, child]
  for (const child of [rest, element, keyType, valueType, innerType, left, right]) yield [undefined, child]
  if (typeof getter === 'function') yield [undefined, getter()]
}

function definitionOf(schema: z.core.$ZodType): Definition {
  return schema._zod.def as unknown as Definition
}

function isSchema(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value
}
