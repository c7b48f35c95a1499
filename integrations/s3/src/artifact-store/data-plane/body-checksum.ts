/** The checksum that goes ahead of a body, in a header: every server takes it there. */
import type { PartSource } from '@stack/core'
import { crc32, eachPiece, encodeCrc } from '@stack/object-http'

/** CRC-32 of a body, base64; a file is read for it before it is sent, which an abort ends. */
export async function crc32Of(body: PartSource, signal: AbortSignal | undefined): Promise<string> {
  if (body.kind === 'bytes') return encodeCrc(crc32.of(body.bytes))
  let sum = 0
  await eachPiece(body, (piece) => {
    signal?.throwIfAborted()
    sum = crc32.of(piece, sum)
  })
  return encodeCrc(sum)
}
