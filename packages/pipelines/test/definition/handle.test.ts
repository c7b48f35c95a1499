import { inspect } from 'node:util'
import { isStackError } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { createHandle, handleSource, isHandle } from '../../src/definition/handle.js'
import { createHandleRecord, invocationSource } from '../../src/definition/handle-record.js'

const trace = {}
// As any code would use it that took it for a value.
const handle = createHandle({ trace, invocation: 'train', output: 'output' }) as never as Record<string, unknown> &
  number

/** What a use throws; that it throws at all is part of the expectation. */
function thrownBy(use: () => unknown): { code: string; message: string; hint: string | undefined } {
  try {
    use()
  } catch (error) {
    if (isStackError(error)) return { code: error.code, message: error.message, hint: error.hint }
    throw error
  }
  throw new Error('the handle was taken for a value')
}

describe('a handle', () => {
  const uses: Record<string, () => unknown> = {
    'reading a property': () => handle.length,
    'calling a method': () => (handle.map as () => void)(),
    'setting a property': () => Object.assign(handle, { a: 1 }),
    'deleting a property': () => Reflect.deleteProperty(handle, 'a'),
    'making it a string': () => String(handle),
    'a template': () => `${handle}`,
    arithmetic: () => handle + 1,
    'comparing it': () => handle > 1,
    'writing it as JSON': () => JSON.stringify({ handle }),
    'iterating it': () => [...(handle as never as Iterable<unknown>)],
    'spreading it': () => ({ ...(handle as object) }),
    'listing its keys': () => Object.keys(handle),
    'the in operator': () => 'a' in handle,
    destructuring: () => {
      const { a } = handle
      return a
    },
    'freezing it': () => Object.freeze(handle),
  }
  for (const [name, use] of Object.entries(uses)) {
    it(`refuses ${name}`, () => {
      const { code, message, hint } = thrownBy(use)
      expect(code).toBe('handle-used-as-value')
      expect(message).toContain('"train"')
      expect(hint).toContain('Pass it to a step')
    })
  }

  it('rejects when it is awaited', async () => {
    const awaiting = (async () => await (handle as unknown))()
    await expect(awaiting).rejects.toMatchObject({ code: 'handle-used-as-value', details: { invocation: 'train' } })
  })

  it('names an output that is one of several', () => {
    const model = createHandle({ trace, invocation: 'train', output: 'model' })
    expect(thrownBy(() => String(model)).message).toContain('The output "model" of "train"')
  })

  it('can be inspected and logged', () => {
    expect(inspect(handle)).toBe('Handle(train.output)')
    expect(inspect({ rows: handle })).toContain('Handle(train.output)')
    expect(Object.prototype.toString.call(handle)).toBe('[object Handle]')
    expect(inspect(handle, { showProxy: true })).toContain('Proxy')
  })

  it('is recognised, and nothing else is', () => {
    expect(isHandle(handle)).toBe(true)
    expect(handleSource(handle)).toEqual({ trace, invocation: 'train', output: 'output' })
    for (const value of [null, undefined, 1, 'a', {}, [], () => {}]) expect(isHandle(value)).toBe(false)
  })
})

describe('a record of handles', () => {
  const record = createHandleRecord({ trace, invocation: 'split' }, ['train', 'test'])

  it('has a handle for each output', () => {
    expect(Object.keys(record)).toEqual(['train', 'test'])
    expect(handleSource(record.test)).toMatchObject({ invocation: 'split', output: 'test' })
    expect(invocationSource(record)).toMatchObject({ invocation: 'split' })
  })

  it('refuses an output that does not exist, with a suggestion', () => {
    expect(thrownBy(() => record.tset)).toMatchObject({
      code: 'invalid-pipeline',
      message: 'The step invocation "split" has no output "tset". Did you mean "test"?',
    })
  })

  it('is not thenable', async () => {
    expect(await (async () => record)()).toBe(record)
  })
})
