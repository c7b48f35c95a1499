import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { z as whole } from 'zod'
import { z } from '../dist/index.js'

const entry = new URL('../dist/index.js', import.meta.url).href

/** Says whether a program that uses core's zod has read all of it. */
function readsAll(program: string): boolean {
  const script = `import { createRequire } from 'node:module'; const { z, defineFlavor } = await import(${JSON.stringify(entry)}); ${program};
    console.log(Object.keys(createRequire(import.meta.url).cache).some((file) => file.endsWith('zod.cjs')))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  return output === 'true\n'
}

const config = `z.strictObject({ path: z.string().regex(/a/).min(1).optional().describe('a'), kind: z.enum(['a', 'b']).default('a'),
  options: z.record(z.string(), z.unknown()), size: z.number().int().positive().nullable(), list: z.array(z.union([z.literal(1), z.boolean()])) })
  .refine(() => true)`

it('has every name of zod', () => {
  expect(Object.keys(z).sort()).toEqual(Object.keys(whole).sort())
  for (const name of Object.keys(whole)) {
    expect(typeof z[name as keyof typeof z], name).toBe(typeof whole[name as keyof typeof whole])
  }
})

it('is read in part where a config is made and checked', () => {
  expect(readsAll(`const config = ${config}; config.safeParse({}); config['~standard'].validate({})`)).toBe(false)
  expect(readsAll('z.date()')).toBe(true)
  expect(readsAll('z.string().toJSONSchema()')).toBe(true)
})

/** Schemas of what is there at once, of what is not, and of both. */
const schemas: Record<string, (zod: typeof whole) => InstanceType<typeof whole.ZodType>> = {
  config: (zod) => zod.strictObject({ a: zod.string().min(2).default('ab'), b: zod.int().max(9).optional() }),
  'formats as checks': (zod) => zod.object({ a: zod.string().email(), b: zod.string().url().optional() }),
  'formats as schemas': (zod) => zod.object({ a: zod.email(), b: zod.iso.date().optional(), c: zod.uuid().nullish() }),
  'date in an object': (zod) => zod.object({ at: zod.date().optional(), kind: zod.enum(['a', 'b']).catch('a') }),
  'map of objects': (zod) => zod.map(zod.string(), zod.object({ a: zod.number() })),
  'discriminated union': (zod) =>
    zod.discriminatedUnion('kind', [
      zod.object({ kind: zod.literal('a'), size: zod.number() }),
      zod.object({ kind: zod.literal('b') }),
    ]),
  intersection: (zod) => zod.object({ a: zod.string() }).and(zod.looseObject({ b: zod.coerce.number() })),
  extended: (zod) => zod.object({ a: zod.string() }).extend({ b: zod.date() }).partial(),
  preprocessed: (zod) => zod.preprocess((value) => value ?? {}, zod.object({ a: zod.string().default('b') })),
  piped: (zod) => zod.string().transform(Number).pipe(zod.number().positive()),
  wrapped: (zod) =>
    zod.object({
      a: zod.string().readonly(),
      b: zod.string().prefault('3').or(zod.int()),
      c: zod.number().exactOptional(),
      d: zod.string().optional().nonoptional().catch('d'),
    }),
  tuple: (zod) => zod.tuple([zod.number().max(1)]).rest(zod.string()),
  lazy: (zod) => {
    const tree: InstanceType<typeof whole.ZodType> = zod.object({ children: zod.lazy(() => zod.array(tree)) })
    return tree
  },
  refined: (zod) =>
    zod.array(zod.number()).superRefine((list, context) => {
      if (list[0] === 1) context.addIssue('one')
    }),
  json: (zod) => zod.json(),
}

const values: readonly unknown[] = [
  ...[undefined, null, '', 'x', '1', 12, [], [1], {}, { a: 1 }, { a: 'ab', b: 3 }, { a: 'ab', b: 30, c: 1 }],
  ...[
    { a: 'you@example.org', b: 'https://example.org' },
    { a: 'you@example.org', b: '2026-11-25' },
    { a: 'b', b: '7' },
  ],
  ...[{ at: new Date(0), kind: 'c' }, { at: 'now' }, new Map([['a', { a: 1 }]]), new Map([['a', {}]])],
  ...[{ kind: 'a', size: 1 }, { kind: 'a' }, { kind: 'b' }, { kind: 'c' }, { children: [{ children: [] }] }],
]

describe.each(Object.entries(schemas))('%s', (_, make) => {
  const ours = make(z)
  const theirs = make(whole)

  it('judges as zod does', () => {
    for (const value of values) {
      const judged = ours.safeParse(value)
      const expected = theirs.safeParse(value)
      expect({ ...judged, error: judged.error?.issues }).toEqual({ ...expected, error: expected.error?.issues })
    }
  })

  it('is written as JSON Schema as zod writes it, or not at all', () => {
    const written = (zod: typeof whole, schema: InstanceType<typeof whole.ZodType>): unknown => {
      try {
        return JSON.parse(JSON.stringify(zod.toJSONSchema(schema, { io: 'input' })))
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(written(z, ours)).toEqual(written(whole, theirs))
    expect(written(whole, ours)).toEqual(written(whole, theirs))
  })

  it('is recognised as a schema of zod', () => {
    expect(ours).toBeInstanceOf(z.ZodType)
    expect(ours).toBeInstanceOf(whole.ZodType)
    expect(ours['~standard'].vendor).toBe('zod')
  })
})

it('tells errors as zod does', () => {
  const error = z.object({ a: z.string() }).safeParse({}).error
  expect(error).toBeInstanceOf(z.ZodError)
  expect(error).toBeInstanceOf(whole.ZodError)
  expect(error && z.prettifyError(error)).toBe('✖ Invalid input: expected string, received undefined\n  → at a')
})

it('shares registry and configuration', () => {
  const schema = z.string().meta({ title: 'a title' })
  expect(z.globalRegistry.get(schema)).toEqual({ title: 'a title' })
  expect(z.globalRegistry).toBe(whole.globalRegistry)
  z.config(z.locales.de())
  try {
    expect(z.string().safeParse(1).error?.issues[0]?.message).toMatch(/^Ungültige Eingabe/)
  } finally {
    z.config(z.locales.en())
  }
})
