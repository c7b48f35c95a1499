/** What keeps a foreign JSON Schema from being used: everything the check could not follow, and everything unsafe. */
import { formatProblemPath } from '../../errors/problem.js'
import { jsonFault } from '../../flavor/json-fault.js'
import { isJsonObject, type JsonSchema, resolveRef } from './json-schema.js'

/** Schemas inside schemas. */
const depthLimit = 64
/** Arrays and objects inside each other, those of defaults and constants among them. */
const documentDepthLimit = 256
const schemaKeywords = ['additionalProperties', 'propertyNames', 'items', 'contains', 'not', 'if', 'then', 'else']
const schemaListKeywords = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const schemaMapKeywords = ['properties', 'patternProperties', '$defs', 'dependentSchemas']
const numberKeywords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
const countKeywords = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minContains',
  'maxContains',
]
const refused = [
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$anchor',
  'unevaluatedProperties',
  'unevaluatedItems',
  'dependencies',
  'additionalItems',
  'definitions',
]
const types = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']

/** The first reason why a schema cannot be used, with the place, or undefined. */
export function schemaFault(root: unknown): string | undefined {
  if (!isJsonObject(root)) return 'it is no JSON object'
  const fault = jsonFault(root, documentDepthLimit)
  if (fault !== undefined) return `its ${formatProblemPath(fault.path).slice(0, placeLimit)} ${fault.message}`
  if (root.type !== 'object') return 'its "type" must be "object"'
  for (const { node, at, depth } of subschemas(root)) {
    if (typeof node === 'boolean') continue
    if (!isJsonObject(node)) return `${at} is no schema`
    if (depth > depthLimit) return `${at} is nested deeper than ${depthLimit} levels`
    const wrong = keywordFault(node, root)
    if (wrong !== undefined) return `${at}: ${wrong}`
  }
  return undefined
}

/** Calls `visit` with every subschema that is an object, the schema itself first. */
export function eachSubschema(schema: JsonSchema, visit: (node: JsonSchema) => void): void {
  for (const { node } of subschemas(schema)) if (isJsonObject(node)) visit(node)
}

interface Subschema {
  readonly node: unknown
  readonly at: string
  readonly depth: number
}

/** A place in a message. */
const placeLimit = 300

/** Each schema in a schema once, also where only a reference leads; what stands first comes first. */
function* subschemas(root: JsonSchema): Iterable<Subschema> {
  const seen = new Set<unknown>()
  const pending: Subschema[] = [{ node: root, at: '#', depth: 0 }]
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const { node, at, depth } = place
    if (seen.has(node) && isJsonObject(node)) continue
    seen.add(node)
    yield place
    if (!isJsonObject(node)) continue
    const inside: Subschema[] = []
    for (const [key, child] of childrenOf(node)) {
      inside.push({ node: child, at: `${at}/${key}`.slice(0, placeLimit), depth: depth + 1 })
    }
    if (typeof node.$ref === 'string') {
      const target = resolveRef(root, node.$ref)
      if (isJsonObject(target)) inside.push({ node: target, at: node.$ref.slice(0, placeLimit), depth: 0 })
    }
    for (const each of inside.reverse()) pending.push(each)
  }
}

function keywordFault(node: JsonSchema, root: JsonSchema): string | undefined {
  for (const keyword of refused) if (Object.hasOwn(node, keyword)) return `the keyword "${keyword}" is not supported`
  if (node.$id !== undefined && node !== root) return '"$id" is allowed at the top only'
  if (node.$ref !== undefined && (typeof node.$ref !== 'string' || resolveRef(root, node.$ref) === undefined)) {
    return '"$ref" must point into the same file, at a schema'
  }
  if (node.type !== undefined && ![node.type].flat().every((type) => types.includes(type as string))) {
    return '"type" is no JSON Schema type'
  }
  for (const keyword of numberKeywords) {
    if (node[keyword] !== undefined && typeof node[keyword] !== 'number') return `"${keyword}" must be a number`
  }
  for (const keyword of countKeywords) {
    if (node[keyword] !== undefined && !isCount(node[keyword])) return `"${keyword}" must be a whole number from 0 on`
  }
  if (typeof node.multipleOf === 'number' && node.multipleOf <= 0) return '"multipleOf" must be greater than 0'
  for (const keyword of ['pattern', 'format']) {
    if (node[keyword] !== undefined && typeof node[keyword] !== 'string') return `"${keyword}" must be a string`
  }
  if (node.enum !== undefined && !Array.isArray(node.enum)) return '"enum" must be an array'
  if (node.required !== undefined && !isStringArray(node.required)) return '"required" must be an array of strings'
  if (
    node.dependentRequired !== undefined &&
    !(isJsonObject(node.dependentRequired) && Object.values(node.dependentRequired).every(isStringArray))
  ) {
    return '"dependentRequired" must be an object of arrays of strings'
  }
  for (const keyword of schemaListKeywords) {
    if (node[keyword] !== undefined && !Array.isArray(node[keyword])) return `"${keyword}" must be an array`
  }
  for (const keyword of schemaMapKeywords) {
    if (node[keyword] !== undefined && !isJsonObject(node[keyword])) return `"${keyword}" must be an object`
  }
  if (node.writeOnly === true && node.default !== undefined) return 'a secret has no default'
  return undefined
}

function* childrenOf(node: JsonSchema): Iterable<readonly [key: string, child: unknown]> {
  for (const key of schemaKeywords) if (node[key] !== undefined) yield [key, node[key]]
  for (const key of schemaListKeywords) {
    const list = node[key]
    if (Array.isArray(list)) for (const [index, child] of list.entries()) yield [`${key}/${index}`, child]
  }
  for (const key of schemaMapKeywords) {
    const map = node[key]
    if (isJsonObject(map)) for (const [name, child] of Object.entries(map)) yield [`${key}/${name}`, child]
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
