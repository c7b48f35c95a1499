/** Waiting for a file descriptor: not for ever, and not longer than the signal lets it. */
import { expect, test } from 'vitest'
import { whenOpenable } from '../../src/artifact-store/open-files.js'

const noneLeft = (): never => {
  throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
}

test('a call is made again until it can open its file', async () => {
  let calls = 0
  const call = () => {
    calls += 1
    return calls < 4 ? noneLeft() : 'opened'
  }
  expect(await whenOpenable(call, undefined)).toBe('opened')
})

test('a call fails when nobody could open a file for as long as it is to wait', async () => {
  let calls = 0
  const call = () => {
    calls += 1
    return noneLeft()
  }
  await expect(whenOpenable(call, undefined, 50)).rejects.toMatchObject({ code: 'EMFILE' })
  expect(calls).toBeGreaterThan(1)
})

test('a wait ends with its signal', async () => {
  const controller = new AbortController()
  const waiting = whenOpenable(noneLeft, controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})
