/** Bodies that are cut, damaged or wrong. */
import { crc32 } from 'node:zlib'
import type { Crc } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { encodeCrc, type OpenedObject, toGetResult } from '../src/index.js'

const bytes = Buffer.from('0123456789')
const crc: Crc = { name: 'crc32', of: crc32 }
const stat = { key: 'a', kind: 'file', size: bytes.length } as const

class Cut extends Error {}

/** Opens ranges of the bytes; each opening is changed by the next of the given. */
function source(...openings: ((chunks: Buffer) => AsyncIterable<Uint8Array>)[]) {
  const asked: { start: number; end: number }[] = []
  const open = ({ start, end }: { start: number; end: number }): OpenedObject => {
    asked.push({ start, end })
    const change = openings.shift() ?? whole
    return { range: { start, end }, chunks: change(bytes.subarray(start, end)), close: () => {} }
  }
  const result = toGetResult(stat, open({ start: 0, end: bytes.length }), {
    asked: undefined,
    reopen: async (range) => open(range),
    isTransient: (error) => error instanceof Cut,
    checksum: { crc, base64: encodeCrc(crc32(bytes)) },
    toError: (error) => error,
  })
  return { asked, result }
}

async function* whole(chunk: Buffer) {
  yield chunk
}
const cutAfter = (length: number) =>
  async function* (chunk: Buffer) {
    yield chunk.subarray(0, length)
    throw new Cut()
  }
async function* short(chunk: Buffer) {
  yield chunk.subarray(0, 3)
}
async function* damaged(chunk: Buffer) {
  yield Buffer.from(chunk).fill('x', 0, 1)
}
async function* long(chunk: Buffer) {
  yield Buffer.concat([chunk, chunk])
}

async function read({ into }: { into: (target: Uint8Array) => Promise<number> }): Promise<string> {
  const target = Buffer.alloc(bytes.length)
  await into(target)
  return target.toString()
}

describe('a body', () => {
  it('goes on where it was cut off, by error or by an early end', async () => {
    const { asked, result } = source(cutAfter(4), short, cutAfter(0))
    expect(await read(result)).toBe('0123456789')
    expect(asked.map(({ start }) => start)).toEqual([0, 4, 7, 7])
  })

  it('that never goes on is given up', async () => {
    const { asked, result } = source(...Array.from({ length: 30 }, () => cutAfter(0)))
    await expect(read(result)).rejects.toThrow(Cut)
    expect(asked).toHaveLength(11)
  })

  it('that is damaged is told in memory', async () => {
    await expect(read(source(damaged).result)).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })

  it('that is damaged ends a stream with an error', async () => {
    const stream = source(damaged).result.body()
    await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })

  it('of more bytes than announced is refused', async () => {
    await expect(read(source(long).result)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('is read piece by piece, over cuts too, and by its reader checked', async () => {
    const { asked, result } = source(cutAfter(4), damaged)
    const pieces: string[] = []
    for (const size of [3, 3, 10]) {
      const piece = Buffer.alloc(size)
      pieces.push(piece.toString('utf8', 0, await result.next?.(piece)))
    }
    expect(pieces).toEqual(['012', '3x5', '6789'])
    expect(asked.map(({ start }) => start)).toEqual([0, 4])
    expect(await result.next?.(Buffer.alloc(1))).toBe(0)
  })

  it('shows each piece once when it is in its place, over cuts too', async () => {
    const shown: string[] = []
    const show = (piece: Uint8Array) => shown.push(Buffer.from(piece).toString())
    const target = Buffer.alloc(bytes.length)
    await source(cutAfter(4), cutAfter(2)).result.into(target, show)
    expect(shown).toEqual(['0123', '45', '6789'])
    shown.length = 0
    const { next } = source(cutAfter(4)).result
    await next?.(target.subarray(0, 5), show)
    await next?.(target.subarray(0, 5), show)
    expect(shown).toEqual(['0123', '4', '56789'])
  })
})
