import { describe, expect, it } from 'vitest'
import { readMessages } from '../../src/orchestrator/read-messages.js'

async function read(...chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  const messages: unknown[] = []
  async function* channel() {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  for await (const message of readMessages(channel())) messages.push(message)
  return messages
}

describe('readMessages', () => {
  it('reads a value from each line, however the lines are cut', async () => {
    const bytes = Buffer.from('{"a":"é"}\n[1]\nnull\n')
    const pieces = Array.from(bytes, (byte) => Buffer.from([byte]))
    expect(await read(bytes)).toEqual([{ a: 'é' }, [1], null])
    expect(await read(...pieces)).toEqual([{ a: 'é' }, [1], null])
  })

  it('leaves out what is no JSON, and a line that has no end', async () => {
    expect(await read('x\n1\n{\n\n2\n3')).toEqual([1, 2])
  })

  it('leaves out a message that is longer than 1 MiB', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const endless = Array.from({ length: 200 }, () => chunk)
    expect(await read('1\n"', ...endless, '"\n2\n')).toEqual([1, 2])
    expect(await read('"', ...endless.slice(0, 15), '"\n2\n')).toEqual([expect.any(String), 2])
  })
})
