/** Ranges of files, and files that change meanwhile. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPart, toWireBody } from '../src/index.js'

let directory: string
let path: string
const content = Buffer.alloc(700_000, '0123456789')
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-object-http-'))
  path = join(directory, 'file')
  await writeFile(path, content)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** The bytes that one attempt sends; the memory of a piece is used again for the next. */
async function sent(body: ReturnType<typeof toWireBody>): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const pieces: Buffer[] = []
  for await (const piece of body) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

describe('a range of a file', () => {
  it.each([
    ['the whole', 0, content.length],
    ['a part in the middle', 300_001, 300_000],
    ['nothing', 5, 0],
  ])('%s is read, and sent as often as it takes', async (_, start, size) => {
    const source = { kind: 'file', path, start, size } as const
    const expected = content.subarray(start, start + size)
    expect(expected.equals(await readPart(source))).toBe(true)
    for (let attempt = 1; attempt <= 2; attempt += 1) expect(expected.equals(await sent(toWireBody(source)))).toBe(true)
  })

  it('that is gone by now is precondition-failed', async () => {
    const source = { kind: 'file', path, start: content.length - 10, size: 20 } as const
    await expect(readPart(source)).rejects.toMatchObject({ code: 'precondition-failed' })
    await expect(sent(toWireBody(source))).rejects.toMatchObject({ code: 'precondition-failed' })
  })
})
