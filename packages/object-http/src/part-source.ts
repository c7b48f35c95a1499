/** What is sent as often as it takes: bytes, or a range of a local file. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type PartSource, StackError } from '@stack/core'

/** The body of one attempt; a file is opened anew for each. */
export function toWireBody(source: PartSource): Uint8Array | Readable {
  if (source.kind === 'bytes') return source.bytes
  const { path, start = 0, size } = source
  return size === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + size - 1 })
}

/**
 * The bytes of a source.
 * @throws StackError `precondition-failed` where the file is shorter by now than it was.
 */
export async function readPart(source: PartSource): Promise<Uint8Array> {
  if (source.kind === 'bytes') return source.bytes
  const { path, start = 0, size } = source
  const file = await open(path)
  try {
    const bytes = Buffer.allocUnsafeSlow(size)
    for (let filled = 0; filled < size; ) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, start + filled)
      if (bytesRead === 0)
        throw new StackError('precondition-failed', 'its source changed its length while it was sent')
      filled += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}
