/** A body is cut after what was passed has left, however long its connection takes to open. */
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { cutAfter } from '../../src/fault-proxy/altered-body.js'

it('what was passed leaves before the cut', async () => {
  const sink = { writableLength: 1, destroyed: false }
  let cut = false
  const body = cutAfter(2, sink, () => {
    cut = true
  })
  body.write('abc')
  await setTimeout(50)
  expect(cut).toBe(false)
  expect(body.read()).toEqual(Buffer.from('ab'))
  await setTimeout(50)
  expect(cut).toBe(false)
  sink.writableLength = 0
  await expect.poll(() => cut).toBe(true)
})

it('a connection that breaks is not waited for', async () => {
  const sink = { writableLength: 1, destroyed: false }
  let cut = false
  const body = cutAfter(1, sink, () => {
    cut = true
  })
  body.write('a')
  sink.destroyed = true
  await expect.poll(() => cut).toBe(true)
})
