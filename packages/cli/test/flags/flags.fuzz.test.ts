import { isStackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { collectFields } from '../../src/flags/collect-fields.js'
import { parseConfig } from '../../src/flags/config-file.js'
import { type FieldFlags, fieldFlagNames, findField } from '../../src/flags/field-flags.js'
import type { SchemaNode } from '../../src/flags/schema-node.js'

const yaml = `path: s3://bucket # where
client_kwargs: &kwargs
  region: "eu"
  ports: [80, 0x1F, 1e3, .5]
again: *kwargs
text: |
  two
  lines
none: ~
`
const json = '{"path":"s3://bucket","list":[1,2.5e3,null],"nested":{"a":{"b":true}}}'
const files = fc.oneof(
  fc.tuple(fc.constant('c.yaml'), damagedBytes(yaml)),
  fc.tuple(fc.constant('c.json'), damagedBytes(json)),
  fc.tuple(
    fc.constantFrom('c.yaml', 'c.json'),
    hostileText.map((text) => new TextEncoder().encode(text)),
  ),
)

describeDoor('config files', files, async ([file, bytes]) => {
  try {
    const values = await parseConfig(new TextDecoder().decode(bytes), file)
    expect(JSON.parse(JSON.stringify(values))).toEqual(withoutNegativeZero(values))
  } catch (error) {
    expect(isStackError(error, 'usage') || isStackError(error, 'invalid-config'), String(error)).toBe(true)
  }
})

/** JSON has no sign of zero. */
function withoutNegativeZero(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNegativeZero)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNegativeZero(inner)]))
}

const schema = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    clientKwargs: { type: 'object', additionalProperties: { anyOf: [{ type: 'number' }, { $ref: '#' }] } },
    tags: { type: 'array', items: { $ref: '#/properties/port' } },
    port: { type: ['integer', 'null'] },
    next: { $ref: '#' },
    loop: { allOf: [{ $ref: '#/properties/loop' }, { oneOf: [{ type: 'boolean' }] }] },
  },
}
const segment = fc.oneof(fc.constantFrom(...Object.keys(schema.properties), 'client-kwargs', ''), hostileText)
const flags = fc.tuple(
  damagedJson(schema),
  fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('.')),
  // A file is another door.
  fc
    .oneof(
      hostileText,
      damagedBytes(json).map((bytes) => new TextDecoder().decode(bytes)),
    )
    .filter((text) => text[0] !== '@'),
)

describeDoor('flags of a schema', flags, async ([damaged, flag, text]) => {
  const target = { name: 'config', schema: damaged as SchemaNode, bare: true, reserved: ['json'] }
  const fields: FieldFlags = { targets: [target], sections: () => [], hint: '' }
  if (typeof damaged !== 'object' || damaged === null) return
  expect(Array.isArray(fieldFlagNames(fields))).toBe(true)
  const place = findField(fields, flag)
  if (place === undefined) return
  try {
    const values = await collectFields(fields, [{ ...place, text, flag }], 'config', { cwd: '/' })
    expect(JSON.parse(JSON.stringify(values))).toEqual(withoutNegativeZero(values))
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  } catch (error) {
    expect(isStackError(error, 'invalid-config'), String(error)).toBe(true)
  }
})
