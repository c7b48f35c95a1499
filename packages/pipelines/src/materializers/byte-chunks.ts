/** Chunks of a stream as bytes: text becomes UTF-8, whatever else is refused. */
import { StackError } from '@stack/core'

/**
 * Gives the bytes of chunks; a character may be torn between two chunks of text.
 * @throws StackError `invalid-output` for a chunk that is neither bytes nor text, or text that UTF-8 cannot say.
 */
export async function* toByteChunks(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  // The first half of a surrogate pair whose second half the next chunk begins with.
  let held = ''
  let count = 0
  for await (const chunk of chunks) {
    count += 1
    if (typeof chunk === 'string') {
      const text = held + chunk
      held = /[\ud800-\udbff]$/.exec(text)?.[0] ?? ''
      const whole = text.slice(0, text.length - held.length)
      if (/\p{Surrogate}/u.test(whole)) throw brokenText()
      if (whole !== '') yield Buffer.from(whole, 'utf8')
      continue
    }
    if (held !== '') throw brokenText()
    if (chunk instanceof Uint8Array) yield chunk
    else if (ArrayBuffer.isView(chunk)) yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    else if (chunk instanceof ArrayBuffer) yield new Uint8Array(chunk)
    else throw noBytes(chunk, count)
  }
  if (held !== '') throw brokenText()
}

function brokenText(): StackError {
  return new StackError('invalid-output', 'its text has half a surrogate pair, which UTF-8 cannot say')
}

function noBytes(chunk: unknown, count: number): StackError {
  const kind = chunk === null ? 'null' : Array.isArray(chunk) ? 'an array' : `a value of the type ${typeof chunk}`
  return new StackError('invalid-output', `chunk ${count} of its stream is ${kind}, neither bytes nor text`, {
    hint: 'Give bytes or text in each chunk: a line of JSON for each row, say.',
  })
}
