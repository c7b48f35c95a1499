/** Operations and their limits: an abort is told soon, and after what was begun has been cleaned up. */
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { performIteration, performOperation, performWrite } from '../../src/artifact-store/perform-operation.js'
import type { DriverOptions, OperationOptions } from '../../src/index.js'

const name = { operation: 'read', uri: 'memory://bucket/object' }
const reason = new Error('enough')

function abortedAfter(ms: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), ms)
  return controller.signal
}

/** Milliseconds until a promise is rejected, and with what. */
async function rejection(promise: Promise<unknown>): Promise<{ ms: number; error: unknown }> {
  const started = performance.now()
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { ms: performance.now() - started, error }
}

describe('an abort', () => {
  test('rejects with the reason as soon as what was begun is cleaned up', async () => {
    let cleaned = false
    const run = async ({ signal }: OperationOptions): Promise<void> => {
      await delay(60_000, undefined, { signal }).catch(() => {})
      await delay(50)
      cleaned = true
      throw new Error('some other error')
    }
    const { ms, error } = await rejection(performOperation(name, { signal: abortedAfter(10) }, run))
    expect({ error, cleaned }).toEqual({ error: reason, cleaned: true })
    expect(ms).toBeLessThan(450)
  })

  test('rejects within a second where nothing answers', async () => {
    const forever = () => new Promise<void>(() => {})
    const { ms, error } = await rejection(performOperation(name, { signal: abortedAfter(10) }, forever))
    expect(error).toBe(reason)
    expect(ms).toBeLessThan(1000)
  })

  test('before the start starts nothing', async () => {
    let started = false
    const run = async () => {
      started = true
    }
    await expect(performOperation(name, { signal: AbortSignal.abort(reason) }, run)).rejects.toBe(reason)
    expect(started).toBe(false)
  })

  test('rejects an operation that succeeds in spite of it', async () => {
    const controller = new AbortController()
    const run = async () => controller.abort(reason)
    await expect(performOperation(name, { signal: controller.signal }, run)).rejects.toBe(reason)
  })

  test('does not deny a write that succeeds in spite of it', async () => {
    const controller = new AbortController()
    const run = async () => {
      controller.abort(reason)
      return 'written'
    }
    expect(await performWrite(name, { signal: controller.signal }, run)).toBe('written')
  })

  test('is not waited for where the driver said that its write is there, however long the rest takes', async () => {
    const run = async ({ published }: DriverOptions) => {
      published?.()
      // Longer than an aborted operation is given to clean up.
      await delay(700)
      return 'written'
    }
    expect(await performOperation(name, { signal: abortedAfter(10) }, run)).toBe('written')
    expect(await performOperation(name, { timeoutMs: 10 }, run)).toBe('written')
  })

  test('of an iteration reaches what is iterated', async () => {
    let told: unknown
    async function* items({ signal }: OperationOptions): AsyncGenerator<number> {
      yield 1
      await delay(60_000, undefined, { signal }).catch(() => {})
      told = signal?.reason
    }
    const iterator = performIteration(name, { signal: abortedAfter(20) }, items)
    expect(await iterator.next()).toEqual({ done: false, value: 1 })
    const { ms, error } = await rejection(iterator.next())
    expect({ error, told }).toEqual({ error: reason, told: reason })
    expect(ms).toBeLessThan(450)
  })
})

test('a time limit is timed-out, and tells the operation', async () => {
  const run = ({ signal }: OperationOptions) => delay(60_000, undefined, { signal })
  await expect(performOperation(name, { timeoutMs: 10 }, run)).rejects.toMatchObject({
    code: 'timed-out',
    details: name,
  })
})
