import { z } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { pipeline } from '../../src/definition/pipeline.js'
import { step } from '../../src/definition/step.js'
import { planPipeline } from '../../src/plan/plan-pipeline.js'

const load = step({ name: 'load', output: z.array(z.number()), run: () => [1] })
const add = step({
  name: 'add',
  input: z.object({ a: z.any(), b: z.any().optional() }),
  settings: { orchestrator: { retries: 1, cpu: 1 } },
  run: ({ a }) => a,
})
const split = step({ name: 'split', output: { x: z.number(), y: z.number() }, run: () => ({ x: 1, y: 2 }) })

async function plan(run: (params: never) => unknown) {
  return (await planPipeline(pipeline({ name: 'p', run: run as () => unknown }), {})).plan
}

describe('planPipeline', () => {
  it('notes which step gets what, in the order of the calls', async () => {
    const traced = await planPipeline(
      pipeline({ name: 'sums', run: () => add({ a: load(), b: { deep: [split().y, 1], none: undefined } }) }),
      {},
    )
    expect(JSON.parse(JSON.stringify(traced.plan))).toEqual({
      protocol: 1,
      pipeline: 'sums',
      params: {},
      settings: {},
      invocations: [
        { name: 'load', step: 'load', inputs: {}, after: [], outputs: ['output'], settings: {} },
        { name: 'split', step: 'split', inputs: {}, after: [], outputs: ['x', 'y'], settings: {} },
        {
          name: 'add',
          step: 'add',
          inputs: {
            a: { $handle: { invocation: 'load', output: 'output' } },
            b: { deep: [{ $handle: { invocation: 'split', output: 'y' } }, 1] },
          },
          after: ['load', 'split'],
          outputs: ['output'],
          settings: { orchestrator: { retries: 1, cpu: 1 } },
        },
      ],
    })
    expect(traced.steps.get('add')).toBe(add)
  })

  it('numbers further uses of a step, past names that are taken', async () => {
    const { invocations } = await plan(() => {
      load()
      load({}, { name: 'load_2' })
      load()
      load({}, { name: 'first' })
    })
    expect(invocations.map(({ name }) => name)).toEqual(['load', 'load_2', 'load_3', 'first'])
  })

  it.each([
    ['a name twice', () => [load({}, { name: 'a' }), load({}, { name: 'a' })]],
    ['names that differ in case only', () => [load({}, { name: 'a' }), load({}, { name: 'A' })]],
    ['a reserved name', () => load({}, { name: 'log' })],
    ['a name that is none', () => load({}, { name: '../x' })],
    ['no step at all', () => 1],
    ['inputs of a step without input', () => load({ a: 1 } as never)],
    ['a misspelt input', () => add({ a: 1, c: 2 } as never)],
    ['inputs that are no object', () => add(load() as never)],
    ['a function as an input', () => add({ a: { f: () => {} } })],
    ['an instance of a class as an input', () => add({ a: new (class Model {})() })],
    ['a handle in a Map', () => add({ a: new Map([['a', load()]]) })],
    ['something else as after', () => add({ a: 1 }, { after: { a: 1 } })],
  ])('refuses %s', async (_, run) => {
    await expect(plan(run)).rejects.toMatchObject({ code: 'invalid-pipeline' })
  })

  it('refuses a run that gives a promise, without leaving a rejection behind', async () => {
    await expect(plan(async () => Promise.reject(new Error('late')))).rejects.toMatchObject({
      code: 'invalid-pipeline',
      hint: expect.stringContaining('async'),
    })
  })

  it('tells an async run that awaits a handle what is wrong with it', async () => {
    await expect(plan(async () => await (load() as unknown))).rejects.toMatchObject({ code: 'invalid-pipeline' })
  })

  it('refuses a handle of another trace', async () => {
    let kept: unknown
    await plan(() => {
      kept = load()
    })
    await expect(plan(() => add({ a: kept }))).rejects.toMatchObject({ code: 'invalid-pipeline' })
    await expect(plan(() => add({ a: 1 }, { after: kept as object }))).rejects.toMatchObject({
      code: 'invalid-pipeline',
    })
  })

  it('refuses a handle used as a value', async () => {
    await expect(plan(() => add({ a: `${load()}` }))).rejects.toMatchObject({ code: 'handle-used-as-value' })
  })

  it('waits for what `after` says: handles and records of handles', async () => {
    const none = step({ name: 'none', output: {}, run: () => ({}) })
    const { invocations } = await plan(() => add({ a: 1 }, { after: [load(), split(), none()] }))
    expect(invocations.at(-1)?.after).toEqual(['load', 'split', 'none'])
  })

  it('writes what JSON would change as rich JSON, and keeps keys that mean something here', async () => {
    const { invocations } = await plan(() =>
      add({ a: { at: new Date(0), n: -0 }, b: { $handle: { invocation: 'x', output: 'y' } } }),
    )
    const { a, b } = (invocations[0] as { inputs: Record<string, object> }).inputs
    expect(Object.keys(a ?? {})).toEqual(['$rich'])
    expect(Object.keys(b ?? {})).toEqual(['$rich'])
  })

  it('copies what it is given', async () => {
    const list = [1]
    const { invocations } = await plan(() => {
      add({ a: list })
      list.push(2)
    })
    expect(invocations[0]?.inputs.a).toEqual([1])
  })

  it('lets a pipeline use another', async () => {
    const inner = pipeline({ name: 'inner', run: () => load() })
    const { invocations } = await plan(() => {
      inner.run({})
      inner.run({})
    })
    expect(invocations.map(({ name }) => name)).toEqual(['load', 'load_2'])
  })

  it('merges settings: pipeline, step, call, run', async () => {
    const definition = pipeline({
      name: 'p',
      settings: { orchestrator: { retries: 0, pool: 'a' }, alerter: { on: true } },
      run: () => add({ a: 1 }, { settings: { orchestrator: { cpu: 2, memory: 3 } } }),
    })
    const traced = await planPipeline(definition, {}, { settings: { orchestrator: { memory: 4 } } })
    expect(traced.plan.invocations[0]?.settings).toEqual({
      orchestrator: { retries: 1, pool: 'a', cpu: 2, memory: 4 },
      alerter: { on: true },
    })
    expect(traced.plan.settings).toEqual({ orchestrator: { retries: 0, pool: 'a', memory: 4 }, alerter: { on: true } })
  })

  it('leaves no trace behind when the run throws', async () => {
    await expect(
      plan(() => {
        load()
        throw new Error('mine')
      }),
    ).rejects.toThrow('mine')
    expect(() => load()).toThrowError(expect.objectContaining({ code: 'usage' }))
  })
})

describe('parameters', () => {
  const params = z.object({ epochs: z.number().int(), rate: z.number().default(0.1), since: z.date().optional() })
  const train = pipeline({ name: 'train', params, run: (given) => add({ a: given }) })

  it('are validated, every problem at once, unknown ones with a suggestion', async () => {
    await expect(planPipeline(train, { epochs: 'x', rat: 1 })).rejects.toMatchObject({
      code: 'invalid-params',
      problems: [{ path: 'epochs' }, { path: 'rat', message: expect.stringContaining('"rate"') }],
    })
    await expect(planPipeline(train, { epochs: 1, since: { $rich: 'no' } })).rejects.toMatchObject({
      code: 'invalid-params',
      problems: [{ path: 'since', message: 'it is not rich JSON' }],
    })
    await expect(planPipeline(train, [])).rejects.toMatchObject({ code: 'invalid-params' })
    await expect(planPipeline(pipeline({ name: 'p', run: () => load() }), { a: 1 })).rejects.toMatchObject({
      code: 'invalid-params',
      problems: [{ path: 'a' }],
    })
  })

  it('are kept with their defaults, and trace to the same plan again', async () => {
    const { plan: first } = await planPipeline(train, { epochs: 1, since: new Date(5) })
    expect(first.params).toMatchObject({ epochs: 1, rate: 0.1 })
    const read = JSON.parse(JSON.stringify(first))
    const { plan: second } = await planPipeline(train, read.params)
    expect(JSON.parse(JSON.stringify(second))).toEqual(read)
  })

  it('are kept as given where the schema changes them', async () => {
    const changed = pipeline({
      name: 'p',
      params: z.object({ tags: z.string().transform((text) => text.split(',')) }),
      run: ({ tags }) => add({ a: tags }),
    })
    const { plan: traced } = await planPipeline(changed, { tags: 'a,b' })
    expect(traced.params).toEqual({ tags: 'a,b' })
    expect(traced.invocations[0]?.inputs).toEqual({ a: ['a', 'b'] })
  })
})
