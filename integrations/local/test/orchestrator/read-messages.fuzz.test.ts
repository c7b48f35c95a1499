import { damagedBytes, describeDoor } from '@stack/test-fuzz'
import { expect } from 'vitest'
import { readMessages } from '../../src/orchestrator/read-messages.js'

const valid = '{"kind":"log","level":"info","message":"é"}\nnull\n[1,2,{"a":"\\ud83d\\ude00"}]\n'

describeDoor('the channel of a step’s process', damagedBytes(valid), async (bytes) => {
  const messages = async (cuts: number) => {
    async function* channel() {
      for (let start = 0; start < bytes.length; start += cuts) yield bytes.subarray(start, start + cuts)
    }
    const read: unknown[] = []
    for await (const message of readMessages(channel())) read.push(message)
    return read
  }
  const whole = await messages(1000)
  expect(await messages(7)).toEqual(whole)
  expect(whole.length).toBeLessThanOrEqual(bytes.filter((byte) => byte === 0x0a).length)
})
