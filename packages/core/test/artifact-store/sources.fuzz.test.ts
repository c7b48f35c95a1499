/** The door of what is written: its bytes arrive as they are, or it is refused as usage. */
import { describeDoor, hostileText, strangeValue } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { toPutSource, type WritableData } from '../../src/artifact-store/write-source.js'
import { isStackError } from '../../src/index.js'

/** All the bytes of a source; undefined where it is refused. */
async function bytesOf(data: unknown): Promise<Buffer | undefined> {
  try {
    const source = await toPutSource(data as WritableData, undefined)
    if (source.kind === 'bytes') return Buffer.from(source.bytes)
    if (source.kind === 'file') throw new Error('No file is written in this test.')
    const chunks: Uint8Array[] = []
    for await (const chunk of source.chunks) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  } catch (error) {
    if (isStackError(error, 'usage')) return undefined
    throw error
  }
}

/** Text with pairs of surrogates, and halves of them. */
const text = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.array(fc.constantFrom('a', '\ud83d', '\ude00', 'ä', ''), { maxLength: 6 }).map((units) => units.join('')),
)

const bytes = fc.uint8Array({ maxLength: 12 })

describeDoor('texts and values to write', fc.oneof(text, bytes, strangeValue.filter(isNoFile)), async (given) => {
  const written = await bytesOf(given)
  if (written === undefined) return
  if (typeof given === 'string') expect(written.toString()).toBe(given)
  else expect(written.equals(given as Uint8Array)).toBe(true)
})

const chunk = fc.oneof({ weight: 6, arbitrary: text }, { weight: 3, arbitrary: bytes }, strangeValue)

describeDoor('chunks to write', fc.array(chunk, { maxLength: 6 }), async (given) => {
  async function* chunks(): AsyncGenerator<unknown> {
    yield* given
  }
  const written = await bytesOf(chunks())
  if (written === undefined) return
  // What is taken is text and bytes alone: neighbouring texts are one text.
  const expected: Buffer[] = []
  let joined = ''
  for (const part of [...given, new Uint8Array(0)]) {
    if (typeof part === 'string') {
      joined += part
      continue
    }
    expect(joined.isWellFormed()).toBe(true)
    expected.push(Buffer.from(joined, 'utf8'), Buffer.from(part as Uint8Array))
    joined = ''
  }
  expect(written.equals(Buffer.concat(expected))).toBe(true)
})

/** A file of this machine is another door. */
function isNoFile(value: unknown): boolean {
  return typeof value !== 'object' || value === null || !('file' in value)
}
