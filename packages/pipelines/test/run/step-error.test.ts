import { StackError } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { stepErrorJson, toStepError } from '../../src/run/step-error.js'

const context = { invocation: 'train', projectRoot: '/project' }

function thrownAt(...frames: string[]): Error {
  const error = new TypeError('x is not a function')
  error.stack = ['TypeError: x is not a function', ...frames.map((frame) => `    at ${frame}`)].join('\n')
  return error
}

describe('toStepError', () => {
  it('says which step, why, and where in the user’s code, past the frames of packages and of Node', () => {
    const error = toStepError(
      thrownAt(
        'parse (/project/node_modules/csv/index.js:1:1)',
        'node:internal/process/task_queues:95:5',
        'Object.run (file:///project/pipelines/train.ts:12:7)',
        'async main (/project/other.ts:1:1)',
      ),
      context,
    )
    expect(error.code).toBe('step-failed')
    expect(error.message).toBe('The step "train" failed: x is not a function (pipelines/train.ts:12:7)')
    expect(error.details).toMatchObject({
      invocation: 'train',
      location: { file: 'pipelines/train.ts', line: 12, column: 7 },
    })
  })

  it('keeps the code of an output that is invalid, and adds where', () => {
    const invalid = new StackError('invalid-output', 'Output "model" of "train" is invalid.', {
      problems: [{ path: 'weights[0]', message: 'expected number' }],
    })
    const error = toStepError(invalid, context)
    expect(error.code).toBe('invalid-output')
    expect(error.problems).toEqual([{ path: 'weights[0]', message: 'expected number' }])
    expect(error.details.invocation).toBe('train')
  })

  it('keeps the hint and names the code of an error of Stack’s', () => {
    const error = toStepError(
      new StackError('unavailable', 'The store does not answer.', { hint: 'Try again.' }),
      context,
    )
    expect([error.code, error.hint, error.details.code]).toEqual(['step-failed', 'Try again.', 'unavailable'])
  })

  it('tells of a thrown value that is no error', () => {
    expect(toStepError('a string', context).message).toBe('The step "train" failed: it threw a string')
    expect(toStepError(undefined, context).message).toContain('it threw undefined')
  })

  it('keeps the user’s stack trace in the JSON form', () => {
    const json = stepErrorJson(toStepError(thrownAt('run (/project/a.ts:1:2)'), context))
    expect(json.stack).toContain('/project/a.ts:1:2')
  })

  it('cuts what is very long in the JSON form, and keeps what names the error', () => {
    const problems = Array.from({ length: 50_000 }, (_, index) => ({ path: `rows[${index}]`, message: 'is no number' }))
    const thrown = new StackError('unavailable', 'x'.repeat(10_000_000), { hint: 'Try again.', problems })
    const json = stepErrorJson(toStepError(thrown, context))
    expect(JSON.stringify(json).length).toBeLessThan(128 * 1024)
    expect(json).toMatchObject({ code: 'step-failed', hint: 'Try again.', details: { invocation: 'train' } })
    expect(json.message).toMatch(/^The step "train" failed: x+…$/)
    expect(json.problems?.[0]).toEqual({ path: 'rows[0]', message: 'is no number' })
  })

  it.each([
    ['a bigint', { rows: 1n }],
    ['a circle', circle()],
  ])('has a JSON form also where the details hold %s', (_, details) => {
    const json = stepErrorJson(toStepError(new StackError('invalid-output', 'It is invalid.', { details }), context))
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({
      code: 'invalid-output',
      message: 'It is invalid.',
      details: { invocation: 'train' },
    })
  })
})

function circle(): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  made.self = made
  return made
}
