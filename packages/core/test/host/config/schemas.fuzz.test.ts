import { damagedJson, describeDoor, hostileText, strangeValue } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { isStackError } from '../../../src/errors/stack-error.js'
import { CheckProgress, TooManySteps } from '../../../src/host/config/check-progress.js'
import { checkSchema } from '../../../src/host/config/check-schema.js'
import { findValueProblems } from '../../../src/host/config/check-values.js'
import { describeFields } from '../../../src/host/config/describe-fields.js'
import type { JsonSchema } from '../../../src/host/config/json-schema.js'
import { preparePatterns } from '../../../src/host/config/patterns.js'
import { schemaFault } from '../../../src/host/config/schema-faults.js'
import { valueFault } from '../../../src/host/config/value-fault.js'
import { WorkTime } from '../../../src/host/config/work-time.js'

/** One of each kind of field, with references that lead back. */
const valid = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    path: { type: 'string', pattern: '^s3:', minLength: 1, maxLength: 20, description: 'Where it is.' },
    port: { type: 'integer', minimum: 0, exclusiveMaximum: 65_536, multipleOf: 5, default: 80 },
    region: { enum: ['eu', 'us', null, 3, { a: 1 }], default: 'eu' },
    key: { $ref: '#/$defs/secret' },
    next: { $ref: '#' },
    list: { type: 'array', items: { $ref: '#/$defs/tree' }, uniqueItems: true, minItems: 1, contains: { minimum: 1 } },
    pair: { prefixItems: [{ type: 'number' }, { $ref: '#/properties/path' }], items: false },
    login: {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'key' }, value: { $ref: '#/$defs/secret' } },
          required: ['kind'],
        },
        { type: 'object', properties: { kind: { const: 'none' } }, additionalProperties: false },
      ],
    },
    rest: { type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
  },
  patternProperties: { '^x-': { not: { type: 'object' } } },
  propertyNames: { maxLength: 40 },
  dependentRequired: { port: ['path'] },
  dependentSchemas: {
    key: {
      if: { required: ['port'] },
      ...Object.fromEntries([['then', { maxProperties: 9 }]]),
      else: { minProperties: 1 },
    },
  },
  required: ['path'],
  additionalProperties: false,
  $defs: {
    secret: { type: 'string', writeOnly: true },
    tree: { anyOf: [{ type: 'number' }, { type: 'array', items: { $ref: '#/$defs/tree' } }] },
  },
}

const values = {
  path: 's3://bucket',
  port: 80,
  region: 'eu',
  key: '{{env:KEY}}',
  next: { path: 's3:', key: 'plain' },
  list: [1, [2, [3]]],
  pair: [1, 's3:'],
  login: { kind: 'key', value: '{{env:KEY}}' },
  rest: { a: null, b: '{{name.key}}' },
  'x-a': 1,
}

/** Places of the schema, which a damaged one may refer to from anywhere. */
const reference = fc.record({
  $ref: fc.constantFrom(
    ...['#', '#/$defs/tree', '#/properties/login', '#/properties/login/oneOf/0', '#/properties/port/default', '#/type'],
    ...['#/properties/region/enum/4', '', '#/', '#/%zz', '#/$defs/__proto__', 'https://example.com/', '#/properties'],
  ),
})
const keyword = fc.constantFrom('$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'items', 'contains', 'type')
const keywords = fc.dictionary(
  keyword,
  fc.oneof(reference, fc.array(reference, { maxLength: 3 }), fc.constantFrom('#', 'object', false), strangeValue),
  { maxKeys: 3 },
)

/** The valid schema with some places damaged, and some of its definitions replaced by what refers to others. */
const schemas = fc
  .tuple(damagedJson(valid), fc.dictionary(fc.constantFrom('tree', 'secret', 'other'), fc.oneof(reference, keywords)))
  .map(([schema, definitions]) => {
    const base = typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema : {}
    const own = (base as JsonSchema).$defs
    return Object.keys(definitions).length === 0
      ? schema
      : { ...base, $defs: { ...(typeof own === 'object' ? own : {}), ...definitions } }
  })

const numbers = fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, -0, 1e-320, 2 ** 53, 1e308)
const instances = fc.oneof(damagedJson(values), fc.dictionary(hostileText, fc.oneof(strangeValue, numbers)), numbers)

const time = new WorkTime()

describeDoor('schemas of packages', fc.tuple(schemas, instances), ([schema, instance]) => {
  const fault = schemaFault(schema)
  if (fault !== undefined) {
    expect(fault.length).toBeLessThan(2000)
    return
  }
  const fields = describeFields(schema as JsonSchema, { time })
  expect(fields.every(({ name, type }) => typeof name === 'string' && type !== '')).toBe(true)
  expect(() => JSON.stringify(fields)).not.toThrow()
  for (const kind of ['config', 'settings'] as const) {
    try {
      const { problems, secrets } = findValueProblems(schema as JsonSchema, instance, { kind, time })
      expect(problems.every(({ path, message }) => typeof path === 'string' && message !== '')).toBe(true)
      expect(Array.isArray(secrets)).toBe(true)
    } catch (error) {
      expect(isStackError(error, 'invalid-manifest'), String(error)).toBe(true)
    }
  }
})

describeDoor('values for a schema', instances, (instance) => {
  // The door refuses these before any schema is asked.
  if (valueFault(instance) !== undefined) return
  preparePatterns(valid)
  const progress = new CheckProgress()
  try {
    for (const { path } of checkSchema(valid, instance, { progress })) expect(Array.isArray(path)).toBe(true)
  } catch (error) {
    expect(error).toBeInstanceOf(TooManySteps)
  }
  expect(progress.steps).toBeLessThan(100_000)
})
