/** How long one connection is left alone. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { fallingBehind } from '../../src/artifact-store/falling-behind.js'

const pieceSize = 1024 ** 2

test('a connection that brings nothing is soon behind', async () => {
  await fallingBehind({ arrivedBytes: 0, pieceSize }, new AbortController().signal)
})

test('one that brings much is left alone to its end', async () => {
  const ended = new AbortController()
  let behind = false
  const looking = fallingBehind({ arrivedBytes: Number.POSITIVE_INFINITY, pieceSize }, ended.signal).then(() => {
    behind = true
  })
  await delay(50)
  expect(behind).toBe(false)
  ended.abort()
  await looking
})
