import { z } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { isStep, step } from '../../src/definition/step.js'
import { testContext } from '../../src/definition/test-context.js'
import { defineMaterializer } from '../../src/materializers/materializer.js'

const double = step({
  name: 'double',
  input: z.object({ value: z.number() }),
  output: z.number(),
  run: ({ value }) => value * 2,
})

describe('step', () => {
  it('runs as a plain function', async () => {
    expect(await double.run({ value: 2 }, testContext())).toBe(4)
    expect(double.name).toBe('double')
    expect(isStep(double)).toBe(true)
    expect(isStep(() => {})).toBe(false)
  })

  it('gives its context what a test wants to see', async () => {
    const tell = step({
      name: 'tell',
      run: (_, context) => {
        context.log.info('hello', { a: 1 })
        context.logMetadata({ rows: 1 })
        context.logMetadata({ columns: 2 })
        return context.attempt
      },
    })
    const context = testContext({ attempt: 3 })
    expect(await tell.run({}, context)).toBe(3)
    expect(context.lines).toEqual([{ level: 'info', message: 'hello', fields: { a: 1 } }])
    expect(context.metadata).toEqual({ rows: 1, columns: 2 })
    expect(() => context.artifactStore).toThrowError(expect.objectContaining({ code: 'usage' }))
  })

  it('names every path of an invalid input', async () => {
    const add = step({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b })
    await expect(add.run({ a: 'x' as never, b: null as never }, testContext())).rejects.toMatchObject({
      code: 'invalid-input',
      problems: [{ path: 'a' }, { path: 'b' }],
    })
  })

  it('names every path of an invalid output, of all outputs', async () => {
    const split = step({
      name: 'split',
      output: { train: z.object({ rows: z.array(z.number()) }), test: z.string() },
      run: () => ({ train: { rows: [1, 'x' as never] }, test: 1 as never }),
    })
    await expect(split.run({}, testContext())).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringContaining('train.rows[1]'),
      problems: [{ path: 'train.rows[1]' }, { path: 'test' }],
    })
  })

  it('gives what the output schema made of the result', async () => {
    const trim = step({
      name: 'trim',
      output: z.string().transform((text) => text.trim()),
      run: () => ' a ',
    })
    expect(await trim.run({}, testContext())).toBe('a')
  })

  it('takes any Standard Schema, asynchronous ones and functions too', async () => {
    const schema = Object.assign(() => {}, {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: async (value: unknown) =>
          value === 1 ? { value: 1 } : { issues: [{ message: 'not one', path: [{ key: 'a' }, 0] }] },
      },
    })
    const one = step({ name: 'one', output: schema, run: () => 2 as unknown })
    await expect(one.run({}, testContext())).rejects.toMatchObject({
      problems: [{ path: 'output.a[0]', message: 'not one' }],
    })
  })

  it.each([[undefined], [[1]], [{ a: 1 }], [{ a: 1, b: 2, c: 3 }]])(
    'refuses %j where outputs a and b are declared',
    async (result) => {
      const both = step({ name: 'both', output: { a: z.number(), b: z.number() }, run: () => result as never })
      await expect(both.run({}, testContext())).rejects.toMatchObject({ code: 'invalid-output' })
    },
  )

  it('may have no outputs', async () => {
    const none = step({ name: 'none', output: {}, run: async () => ({}) })
    expect(await none.run({}, testContext())).toEqual({})
    expect(none.splitResult({})).toEqual({})
  })

  it('refuses to be called outside of a pipeline, and says what to do', () => {
    expect(() => double({ value: 1 })).toThrowError(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('double.run(input, testContext())') }),
    )
  })

  it.each([
    ...['', '1a', 'a b', 'a/b', 'log', 'Cancel', '__proto__', 'ä', 'a\u0000', '-a'].map((name) => [name, name]),
    ['of 10,000 characters', 'a'.repeat(10_000)],
  ])('refuses the name %j', (_, name) => {
    expect(() => step({ name, run: () => 1 })).toThrowError(expect.objectContaining({ code: 'invalid-name' }))
    expect(() => step({ name: 'a', output: { [name]: z.string() }, run: () => ({}) as never })).toThrowError(
      expect.objectContaining({ code: 'invalid-name' }),
    )
  })

  it('refuses outputs that differ in case only', () => {
    expect(() =>
      step({ name: 'a', output: { x: z.string(), X: z.string() }, run: () => ({ x: '', X: '' }) }),
    ).toThrowError(expect.objectContaining({ code: 'invalid-name' }))
  })

  it.each([
    ['an input that is no schema', { input: {} as never }],
    ['an output that is no schema', { output: { a: 1 } as never }],
    ['an output of another kind', { output: 1 as never }],
    ['a run that is no function', { run: 1 as never }],
    ['a materializer of no output', { materializers: { other: custom('m') } }],
    ['a materializer with a built-in name', { materializers: { output: custom('json') } }],
    ['materializers of one name', { materializers: { output: custom('') } }],
  ])('refuses %s', (_, options) => {
    expect(() => step({ name: 'a', run: () => 1, ...(options as object) })).toThrowError(
      expect.objectContaining({ code: 'invalid-pipeline' }),
    )
  })
})

function custom(name: string) {
  return defineMaterializer({ name, mediaType: 'a/b', matches: () => true, save: () => '', load: () => 1 })
}
