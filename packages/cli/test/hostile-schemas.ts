/** JSON Schemas of at most 1 MiB that took minutes, memory or the stack of whoever followed them. */

/** A schema, and flags with which a component of it is registered. */
export interface HostileSchema {
  readonly schema: unknown
  readonly flags: readonly string[]
}

const object = (properties: object, rest: object = {}): object => ({ type: 'object', properties, ...rest })

const fields = (count: number, field: (index: number) => unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, field(index)]))

/** A schema with one field, written as text: what writes JSON is recursive itself. */
const nested = (depth: number, open: string, close: string): string =>
  `{"type":"object","properties":{"a":${open.repeat(depth)}{}${close.repeat(depth)}}}`

const eight = (ref: string): object[] => Array.from({ length: 8 }, () => ({ $ref: ref }))

/** Those that end well: described, and registered with their flags. */
export const involvedSchemas: Readonly<Record<string, HostileSchema>> = {
  '40 fields that are the whole schema': {
    schema: object(fields(40, () => ({ $ref: '#' }))),
    flags: ['--field0.field1={"field2":{}}'],
  },
  'a union of eight objects with themselves in it': {
    schema: object(
      { a: { $ref: '#/$defs/a' } },
      { $defs: { a: { anyOf: Array.from({ length: 8 }, () => object({ a: { $ref: '#/$defs/a' } })) } } },
    ),
    flags: ['--a={"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}'],
  },
  'a tower of unions that double': {
    schema: object(
      { a: { $ref: '#/$defs/level60' } },
      {
        $defs: {
          level0: { type: 'string' },
          ...Object.fromEntries(
            Array.from({ length: 60 }, (_, level) => [
              `level${level + 1}`,
              { allOf: [{ $ref: `#/$defs/level${level}` }, { $ref: `#/$defs/level${level}` }] },
            ]),
          ),
        },
      },
    ),
    flags: ['--a=x'],
  },
  '20,000 fields': { schema: object(fields(20_000, () => ({ type: 'string' }))), flags: ['--field19999=x'] },
  'an enum of 60,000 values': {
    schema: object({ a: { enum: Array.from({ length: 60_000 }, (_, index) => `value${index}`) } }),
    flags: ['--a=value59999'],
  },
  'a default of nearly 1 MiB': {
    schema: object({ a: { type: 'string', default: 'x'.repeat(1_000_000) } }),
    flags: ['--a=x'],
  },
  'a chain of 300 references': {
    schema: object(
      { a: { $ref: '#/$defs/link0' } },
      {
        $defs: {
          ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`link${i}`, { $ref: `#/$defs/link${i + 1}` }])),
          link300: { type: 'string' },
        },
      },
    ),
    flags: ['--a=x'],
  },
  'a field whose name is 900,000 capitals': {
    schema: object({ ['A'.repeat(900_000)]: {}, a: { type: 'string' } }),
    flags: ['--a=x'],
  },
}

/** Those of which no component can be registered, with the code and what the error names. */
export const refusedSchemas: Readonly<
  Record<string, HostileSchema & { readonly code: string; readonly names: RegExp }>
> = {
  'a union of eight with itself': {
    schema: object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: { anyOf: eight('#/$defs/a') } } }),
    flags: ['--a=x'],
    code: 'invalid-manifest',
    names: /the field .*a.* refers to itself/,
  },
  '200 slow patterns': {
    schema: object(fields(200, (index) => ({ type: 'string', pattern: `^(a+)+${index}$` }))),
    flags: Array.from({ length: 200 }, (_, index) => `--field${index}=${'a'.repeat(60)}!`),
    code: 'invalid-config',
    names: /field0/,
  },
  'a slow pattern for the names of fields': {
    schema: object({}, { patternProperties: { '^(a+)+$': {} } }),
    flags: ['--config=config.json'],
    code: 'invalid-config',
    names: /takes too long/,
  },
  '10,000 levels of objects': {
    schema: nested(10_000, '{"properties":{"a":', '}}'),
    flags: [],
    code: 'invalid-manifest',
    names: /nested deeper/,
  },
  '10,000 levels of allOf': {
    schema: nested(10_000, '{"allOf":[', ']}'),
    flags: [],
    code: 'invalid-manifest',
    names: /nested deeper/,
  },
  '10,000 levels of items': {
    schema: nested(10_000, '{"items":', '}'),
    flags: [],
    code: 'invalid-manifest',
    names: /nested deeper/,
  },
  '100,000 levels of a default': {
    schema: `{"type":"object","properties":{"a":{"default":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`,
    flags: [],
    code: 'invalid-manifest',
    names: /a\.default.*is nested deeper/,
  },
  'objects of 40 fields, five levels of them': {
    schema: object(
      fields(40, () => ({ $ref: '#/$defs/level1' })),
      {
        $defs: Object.fromEntries(
          Array.from({ length: 6 }, (_, level) => [
            `level${level}`,
            object(fields(40, () => (level === 5 ? {} : { $ref: `#/$defs/level${level + 1}` }))),
          ]),
        ),
      },
    ),
    flags: [],
    code: 'none',
    names: /larger than 1 MiB/,
  },
  'a reference into what is no schema': {
    schema: object({ a: { $ref: '#/default/a' } }, { default: { a: { pattern: '(', minLength: 'x' } } }),
    flags: ['--a=x'],
    code: 'invalid-manifest',
    names: /#\/default\/a/,
  },
  ...Object.fromEntries(
    [
      ['minimum', '1e999'],
      ['maximum', '-1e999'],
      ['multipleOf', '0'],
      ['multipleOf', '-1'],
      ['multipleOf', '1e999'],
      ['multipleOf', '1e-400'],
      ['minLength', '-1'],
      ['maxLength', '1e308'],
      ['maxItems', '1.5'],
      ['maxItems', 'null'],
      ['default', '1e999'],
      ['const', '-1e999'],
      ['enum', '[1e999]'],
    ].map(([keyword, number]) => [
      `${keyword} ${number}`,
      {
        schema: `{"type":"object","properties":{"a":{"${keyword}":${number}}}}`,
        flags: ['--a=1'],
        code: 'invalid-manifest',
        names: new RegExp(`a.*${keyword}`),
      },
    ]),
  ),
}
