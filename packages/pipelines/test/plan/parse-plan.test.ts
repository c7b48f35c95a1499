import { describe, expect, it } from 'vitest'
import { findCycle } from '../../src/plan/find-cycle.js'
import { parsePlan } from '../../src/plan/parse-plan.js'

function invocation(name: string, after: readonly string[] = [], inputs: object = {}) {
  return { name, step: 'a', inputs, after, outputs: ['output'], settings: {} }
}

function planOf(...invocations: readonly object[]) {
  return { protocol: 1, pipeline: 'p', params: {}, settings: {}, invocations }
}

const handleOf = (name: string, output = 'output') => ({ x: [{ $handle: { invocation: name, output } }] })

describe('parsePlan', () => {
  it('takes a plan as it was written', () => {
    const plan = planOf(invocation('a'), invocation('b', ['a'], handleOf('a')))
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
  })

  it('refuses a cycle and names it', () => {
    const plan = planOf(invocation('a', ['c']), invocation('b', ['a']), invocation('c', ['b']))
    expect(() => parsePlan(plan)).toThrowError(
      expect.objectContaining({
        code: 'invalid-pipeline',
        message: expect.stringContaining('cycle'),
        details: { cycle: ['a', 'c', 'b', 'a'] },
      }),
    )
    expect(() => parsePlan(planOf(invocation('a', ['a'])))).toThrowError(
      expect.objectContaining({ code: 'invalid-pipeline' }),
    )
  })

  it.each([
    ['no plan', null],
    ['a newer protocol', { ...planOf(), protocol: 2 }],
    ['a name that leaves the run', planOf(invocation('../x'))],
    ['a handle of nothing', planOf(invocation('undefined'), invocation('a', ['undefined'], { x: { $handle: {} } }))],
    [
      'nesting without end',
      planOf(invocation('a', [], JSON.parse(`${'{"x":'.repeat(100_000)}1${'}'.repeat(100_000)}`))),
    ],
    ['a name twice', planOf(invocation('a'), invocation('a'))],
    ['names that differ in case only', planOf(invocation('a'), invocation('A'))],
    ['something that is not there', planOf(invocation('a', ['b']))],
    ['an output that is not there', planOf(invocation('a'), invocation('b', ['a'], handleOf('a', 'model')))],
    ['an input nothing is waited for', planOf(invocation('a'), invocation('b', [], handleOf('a')))],
    ['a handle of nothing', planOf(invocation('a', [], { x: { $handle: null } }))],
  ])('refuses %s', (_, plan) => {
    expect(() => parsePlan(plan)).toThrowError(expect.objectContaining({ code: 'invalid-pipeline' }))
  })
})

describe('findCycle', () => {
  it('finds none in a diamond, and a long chain does not overflow', () => {
    expect(
      findCycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['d']],
          ['c', ['d']],
          ['d', []],
        ]),
      ),
    ).toBeUndefined()
    const chain = Array.from({ length: 50_000 }, (_, index) => [`n${index}`, [`n${index + 1}`]] as const)
    expect(findCycle(new Map(chain))).toBeUndefined()
  })
})
