import { Readable } from 'node:stream'
import { z } from '@stack/core'
import { describe, expectTypeOf, it } from 'vitest'
import type { Handle } from '../../src/definition/handle.js'
import { pipeline } from '../../src/definition/pipeline.js'
import { step } from '../../src/definition/step.js'
import { testContext } from '../../src/definition/test-context.js'
import { ArtifactDirectory } from '../../src/materializers/artifact-directory.js'
import { ArtifactFile } from '../../src/materializers/artifact-file.js'
import { ArtifactStream } from '../../src/materializers/artifact-stream.js'

const row = z.object({ id: z.number(), name: z.string().optional() })
type Row = z.output<typeof row>

const load = step({ name: 'load', output: z.array(row), run: async () => [{ id: 1 }] })
const split = step({
  name: 'split',
  input: z.object({ rows: z.array(row), share: z.number().default(0.8) }),
  output: { train: z.array(row), test: z.array(row) },
  run: ({ rows, share }) => {
    expectTypeOf(share).toEqualTypeOf<number>()
    expectTypeOf(rows).toEqualTypeOf<Row[]>()
    return { train: rows, test: rows }
  },
})
const count = step({ name: 'count', input: z.object({ rows: z.array(row) }), run: ({ rows }) => rows.length })
const report = step({
  name: 'report',
  input: z.object({ label: z.string().optional(), parts: z.array(z.object({ size: z.number() })) }),
  output: ArtifactFile,
  run: () => new ArtifactFile('report.html'),
})

describe('the types of steps', () => {
  it('give a handle of what the output schema gives', () => {
    pipeline({
      name: 'p',
      run: () => {
        const rows = load()
        expectTypeOf(rows).toEqualTypeOf<Handle<Row[]>>()
        const parts = split({ rows })
        expectTypeOf(parts).toEqualTypeOf<{ readonly train: Handle<Row[]>; readonly test: Handle<Row[]> }>()
        expectTypeOf(count({ rows: parts.train })).toEqualTypeOf<Handle<number>>()
        expectTypeOf(report({ parts: [] })).toEqualTypeOf<Handle<ArtifactFile>>()
      },
    })
  })

  it('take types that hold themselves, as JSON does', () => {
    type Json = z.output<ReturnType<typeof z.json>>
    const json = step({ name: 'json', output: z.json(), run: () => ({ a: [1, { b: null }] }) })
    const several = step({ name: 'several', output: { json: z.json() }, run: () => ({ json: [true] }) })
    const echo = step({ name: 'echo', input: z.object({ json: z.json() }), run: ({ json }) => json })
    const size = step({ name: 'size', run: () => 1 })
    pipeline({
      name: 'p',
      run: () => {
        expectTypeOf(json()).toEqualTypeOf<Handle<Json>>()
        expectTypeOf(echo({ json: json() })).toEqualTypeOf<Handle<Json>>()
        echo({ json: several().json })
        echo({ json: { a: [1, size(), { b: json() }] } })
        // @ts-expect-error a date is no JSON
        echo({ json: new Date() })
      },
    })
    // @ts-expect-error a function is no JSON
    step({ name: 'wrong', output: z.json(), run: () => ({ a: () => 1 }) })
  })

  it('take what a step without an output schema gives as it is, a union too', () => {
    const union = step({ name: 'union', run: () => null as string | number | { a: number }[] | null })
    const later = step({ name: 'later', run: async () => null as string | number | null })
    pipeline({
      name: 'p',
      run: () => {
        expectTypeOf(union()).toEqualTypeOf<Handle<string | number | { a: number }[] | null>>()
        expectTypeOf(later()).toEqualTypeOf<Handle<string | number | null>>()
      },
    })
  })

  it('keep tuples and lists apart', () => {
    const pair = step({ name: 'pair', output: z.tuple([z.number(), z.string()]), run: () => [1, 'a'] as const })
    const lists = step({
      name: 'lists',
      input: z.object({ pair: z.tuple([z.number(), z.string()]), rows: z.array(z.array(z.number())) }),
      run: ({ rows }) => rows.length,
    })
    pipeline({
      name: 'p',
      run: () => {
        const count = lists({ pair: pair(), rows: [[1]] })
        lists({ pair: [count, 'a'], rows: [[count, 2]] })
        // @ts-expect-error the tuple has two items
        lists({ pair: [1], rows: [] })
        // @ts-expect-error rows hold numbers
        lists({ pair: [1, 'a'], rows: [['a']] })
      },
    })
  })

  it('take streams and directories like any value', () => {
    const feed = step({
      name: 'feed',
      output: { lines: ArtifactStream, model: ArtifactDirectory, raw: z.instanceof(ReadableStream<Uint8Array>) },
      run: () => ({
        lines: new ArtifactStream(() => Readable.from(['a'])),
        model: new ArtifactDirectory('model'),
        raw: new ReadableStream<Uint8Array>(),
      }),
    })
    const eat = step({
      name: 'eat',
      input: z.object({
        lines: z.instanceof(ArtifactStream),
        model: z.instanceof(ArtifactDirectory),
        raw: z.instanceof(ReadableStream<Uint8Array>),
      }),
      run: async ({ lines, model }) => {
        for await (const chunk of lines) expectTypeOf(chunk).toEqualTypeOf<Uint8Array>()
        expectTypeOf(await model.read('a')).toEqualTypeOf<Uint8Array>()
      },
    })
    pipeline({
      name: 'p',
      run: () => {
        const { lines, model, raw } = feed()
        expectTypeOf(lines).toEqualTypeOf<Handle<ArtifactStream>>()
        expectTypeOf(model).toEqualTypeOf<Handle<ArtifactDirectory>>()
        eat({ lines, model, raw })
        // @ts-expect-error a directory is no stream
        eat({ lines: model, model, raw })
        // @ts-expect-error a handle cannot be read
        lines.text()
      },
    })
  })

  it('accept handles at any depth, and values', () => {
    pipeline({
      name: 'p',
      run: () => {
        const rows = load({}, { name: 'rows' })
        const size = count({ rows })
        report({ parts: [{ size }, { size: 1 }] })
        report({ label: 'a', parts: [] }, { after: [rows, size] })
        count({ rows: [{ id: 1 }] })
        split({ rows, share: 0.5 }, { after: rows })
      },
    })
  })

  it('refuse handles of another type, missing and unknown inputs, and the use of a handle', () => {
    pipeline({
      name: 'p',
      run: () => {
        const size = count({ rows: [] })
        // @ts-expect-error a number is no array of rows
        count({ rows: size })
        // @ts-expect-error rows are missing
        count({})
        // @ts-expect-error inputs are missing
        count()
        // @ts-expect-error there is no such input
        count({ rows: [], other: 1 })
        // @ts-expect-error the step takes no input
        load({ a: 1 })
        // @ts-expect-error a handle is no number
        size + 1
        // @ts-expect-error a handle has no properties
        size.toFixed()
        // @ts-expect-error a handle is no value of that type
        const value: number = size
        return value
      },
    })
  })

  it('refuse a result that the output schema does not take', () => {
    // @ts-expect-error a string is no number
    step({ name: 'a', output: z.number(), run: () => 'a' })
    // @ts-expect-error an output is missing
    step({ name: 'a', output: { x: z.number(), y: z.number() }, run: () => ({ x: 1 }) })
    // @ts-expect-error a literal that the schema does not know
    step({ name: 'a', output: z.object({ kind: z.enum(['a', 'b']) }), run: () => ({ kind: 'c' }) as const })
    // TypeScript widens literals here, so they say that they are meant: what is read-only may be given too.
    step({ name: 'a', output: z.object({ kind: z.enum(['a', 'b']) }), run: () => ({ kind: 'a' }) as const })
    step({ name: 'a', output: z.tuple([z.number(), z.string()]), run: async () => [1, 'a'] as const })
  })

  it('let run be called as a plain function, with what the schema accepts', () => {
    expectTypeOf(count.run({ rows: [{ id: 1 }] }, testContext())).toEqualTypeOf<Promise<number>>()
    expectTypeOf(split.run)
      .parameter(0)
      .toEqualTypeOf<z.input<z.ZodObject<{ rows: z.ZodArray<typeof row>; share: z.ZodDefault<z.ZodNumber> }>>>()
  })

  it('give a pipeline the parameters its schema makes', () => {
    pipeline({
      name: 'p',
      params: z.object({ epochs: z.number().default(3) }),
      run: (params) => {
        expectTypeOf(params).toEqualTypeOf<{ epochs: number }>()
      },
    })
  })
})
