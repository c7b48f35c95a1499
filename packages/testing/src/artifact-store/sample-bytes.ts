/** Bytes to write, that tell when they were changed, cut or put in another order. */

/** Bytes that follow from a seed; no part of them looks like another. */
export function sampleBytes(size: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4))
  let state = (seed * 2_654_435_761 + 1) >>> 0
  for (let index = 0; index < words.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[index] = state ^ (state >>> 15)
  }
  return new Uint8Array(words.buffer, 0, size)
}

/** The same bytes in chunks of sizes that fit no buffer, the empty chunk among them. */
export async function* oddChunks(bytes: Uint8Array, seed = 1): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(0)
  for (let start = 0, size = seed; start < bytes.length; start += size, size = ((size * 7) % 65_521) + 1) {
    yield bytes.subarray(start, start + size)
  }
}

/** Says whether two contents are the same. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0
}
