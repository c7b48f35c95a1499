/**
 * Bodies whose CRC-32 follows them, so that a file is read once:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { crc32, encodeCrc } from '@stack/object-http'

const name = 'x-amz-checksum-crc32'
/** Of a chunk; servers want 8 KiB at least, and MinIO 16 MiB at most. */
const chunkSize = 1024 * 1024
/** Base64 of four bytes. */
const sumLength = 8
const end = '\r\n'

/** Stands where the hash of the body would, in the signature. */
export const trailedPayload = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** What tells the server of the trailer. */
export function trailerHeaders(size: number): Record<string, string> {
  return { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(size), 'x-amz-trailer': name }
}

/** Bytes of so many, cut into chunks and with their trailer. */
export function trailedLength(size: number): number {
  const whole = Math.floor(size / chunkSize)
  const rest = size % chunkSize
  const last = rest === 0 ? 0 : chunkHead(rest).length + rest + end.length
  const ending = chunkHead(0).length + name.length + 1 + sumLength + 2 * end.length
  return whole * (chunkHead(chunkSize).length + chunkSize + end.length) + last + ending
}

/** The chunks and the trailer; `told` is given the checksum, base64, before it is sent. */
export async function* withTrailer(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
  told: (crc32: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sum = 0
  let position = 0
  let chunkEnd = 0
  for await (const piece of pieces) {
    sum = crc32.of(piece, sum)
    for (let taken = 0; taken < piece.byteLength; ) {
      if (position === chunkEnd) {
        chunkEnd = Math.min(size, position + chunkSize)
        yield Buffer.from(chunkHead(chunkEnd - position))
      }
      const length = Math.min(piece.byteLength - taken, chunkEnd - position)
      // Who reads into the same memory again waits for a whole piece to be gone, and for no smaller one.
      yield length === piece.byteLength ? piece : Buffer.from(piece.subarray(taken, taken + length))
      taken += length
      position += length
      if (position === chunkEnd) yield Buffer.from(end)
    }
  }
  const crc = encodeCrc(sum)
  told(crc)
  yield Buffer.from(`${chunkHead(0)}${name}:${crc}${end}${end}`)
}

function chunkHead(size: number): string {
  return size.toString(16) + end
}
