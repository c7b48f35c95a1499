/** What keeps a foreign JSON Schema from being used: everything the check could not follow, and everything unsafe. */
import { isJsonObject, type JsonSchema, resolveRef } from './json-schema.js'

const depthLimit = 64
const schemaKeywords = ['additionalProperties', 'propertyNames', 'items', 'contains', 'not', 'if', 'then', 'else']
const schemaListKeywords = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const schemaMapKeywords = ['properties', 'patternProperties', '$defs', 'dependentSchemas']
const numberKeywords = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
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
  if (root.type !== 'object') return 'its "type" must be "object"'
  return nodeFault(root, root, '#', 0)
}

/** Calls `visit` with every subschema that is an object, the schema itself first. */
export function eachSubschema(schema: JsonSchema, visit: (node: JsonSchema) => void): void {
  visit(schema)
  for (const [, child] of childrenOf(schema)) if (isJsonObject(child)) eachSubschema(child, visit)
}

function nodeFault(node: unknown, root: JsonSchema, at: string, depth: number): string | undefined {
  if (typeof node === 'boolean') return undefined
  if (!isJsonObject(node)) return `${at} is no schema`
  if (depth > depthLimit) return `${at} is nested deeper than ${depthLimit} levels`
  const fault = keywordFault(node, root)
  if (fault !== undefined) return `${at}: ${fault}`
  for (const [key, child] of childrenOf(node)) {
    const inner = nodeFault(child, root, `${at}/${key}`.slice(0, 300), depth + 1)
    if (inner !== undefined) return inner
  }
  return undefined
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

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
