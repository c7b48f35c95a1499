/** Attempts after a failure that may pass. */
import { describe, expect, it } from 'vitest'
import { attemptsOf, Retries } from '../src/index.js'

class Busy extends Error {}
const policy = { isTransient: (error: unknown) => error instanceof Busy, pauseAsked: () => undefined }

describe('attempts', () => {
  it('go on until one succeeds', async () => {
    const attempts: number[] = []
    const result = await new Retries(policy).run(undefined, async (number) => {
      attempts.push(number)
      if (number < 4) throw new Busy()
      return 'done'
    })
    expect(result).toBe('done')
    expect(attempts).toEqual([1, 2, 3, 4])
  })

  it('end at once where a failure is no passing one', async () => {
    let attempts = 0
    const failing = new Retries(policy).run(undefined, async () => {
      attempts += 1
      throw new Error('final')
    })
    await expect(failing).rejects.toThrow('final')
    expect(attempts).toBe(1)
  })

  it('end soon where nothing listens', async () => {
    let attempts = 0
    const failing = new Retries({ ...policy, isTransient: () => true }).run(undefined, async () => {
      attempts += 1
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    })
    const error = await failing.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: 'refused' })
    expect([attempts, attemptsOf(error), attemptsOf(new Error('another'))]).toEqual([4, 4, 1])
  })

  it('within attempts are not multiplied', async () => {
    const retries = new Retries({ isTransient: () => true, pauseAsked: () => undefined })
    let attempts = 0
    const failing = retries.run(undefined, () =>
      retries.run(undefined, async () => {
        attempts += 1
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
      }),
    )
    await expect(failing).rejects.toThrow('refused')
    expect(attempts).toBe(4)
  })

  it('end with the reason of an abort, in the middle of a pause', async () => {
    const controller = new AbortController()
    const waiting = new Retries({ ...policy, pauseAsked: () => 10 }).run(controller.signal, async () => {
      setTimeout(() => controller.abort(new Error('enough')), 20)
      throw new Busy()
    })
    const started = Date.now()
    await expect(waiting).rejects.toThrow()
    expect(Date.now() - started).toBeLessThan(1000)
  })

  it('have a budget that failures use up and successes fill', async () => {
    const retries = new Retries(policy)
    const failOnce = () =>
      retries.run(undefined, async (number) => {
        if (number === 1) throw new Busy()
      })
    for (let spent = 0; spent < Retries.capacity - 100; spent += 100) {
      await Promise.all(Array.from({ length: 200 }, failOnce))
    }
    await expect(Promise.all(Array.from({ length: 200 }, failOnce))).rejects.toThrow(Busy)
    await Promise.all(Array.from({ length: 400 }, () => retries.run(undefined, async () => {})))
    await Promise.all(Array.from({ length: 100 }, failOnce))
  })
})
