/** The flags a JSON Schema gives: which exist, how they are spelt, and where their values belong. */
import type { HelpSection } from '../output/help.js'
import { toFlagName } from './field-name.js'
import { type SchemaNode, stepInto, typesOf } from './schema-node.js'

/** One object whose fields can be given by flags. */
export interface FieldTarget {
  /** The prefix of its flags and the name of the object: `config`, `settings`, `param`. */
  readonly name: string
  /** Undefined where anything may be given. */
  readonly schema: SchemaNode | undefined
  /** Whether its fields can also be given without the prefix. */
  readonly bare: boolean
  /** Names the program keeps for itself: such a field is given with the prefix only. */
  readonly reserved: readonly string[]
}

/** Where a flag's value belongs. */
export interface FieldPlace {
  readonly target: string
  readonly path: readonly string[]
  readonly isBoolean: boolean
}

/** The flags of a command that come from schemas. */
export interface FieldFlags {
  readonly targets: readonly FieldTarget[]
  /** What help says of them; only help asks. */
  readonly sections: () => readonly HelpSection[]
  /** What to say of a flag that no target has, beside a suggestion. */
  readonly hint: string
}

/** No config is nested deeper. */
const depthLimit = 100

/** Finds the field that a flag (without its dashes) names, undefined where there is none. */
export function findField(fields: FieldFlags, flag: string): FieldPlace | undefined {
  const segments = flag.split('.')
  if (segments.length > depthLimit) return undefined
  for (const target of fields.targets) {
    if (segments.length > 1 && segments[0] === target.name) return placeOf(target, segments.slice(1))
  }
  for (const target of fields.targets) {
    if (!target.bare || target.reserved.includes(segments[0] ?? '')) continue
    const place = placeOf(target, segments)
    if (place !== undefined) return place
  }
  return undefined
}

/** Every flag that could have been meant, for suggestions. */
export function fieldFlagNames(fields: FieldFlags): readonly string[] {
  return fields.targets.flatMap((target) => {
    const names = pathsOf(target.schema, 3)
    const bare = target.bare ? names.filter((name) => !target.reserved.includes(name.split('.')[0] ?? '')) : []
    return [...bare, ...names.map((name) => `${target.name}.${name}`)]
  })
}

function pathsOf(node: unknown, depth: number): readonly string[] {
  const properties = (node as SchemaNode | undefined)?.properties
  if (depth === 0 || typeof properties !== 'object' || properties === null) return []
  return Object.entries(properties).flatMap(([key, inner]) => {
    const name = toFlagName(key)
    return [name, ...pathsOf(inner, depth - 1).map((rest) => `${name}.${rest}`)]
  })
}

function placeOf(target: FieldTarget, segments: readonly string[]): FieldPlace | undefined {
  const root = target.schema ?? {}
  let node = target.schema
  const path: string[] = []
  for (const segment of segments) {
    const step = stepInto(node, segment, root)
    if (step === undefined) return undefined
    path.push(step.key)
    node = step.node
  }
  const types = typesOf(node, root)
  return {
    target: target.name,
    path,
    isBoolean:
      types.size > 0 && [...types].every((type) => type === 'boolean' || type === 'null') && types.has('boolean'),
  }
}
