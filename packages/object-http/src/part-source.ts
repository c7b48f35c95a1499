/** What is sent as often as it takes: bytes, or a range of a local file. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type PartSource, StackError } from '@stack/core'

/** What is read of a file at a time to be sent: more than a socket buffers, and little for many at once. */
const sentSize = 256 * 1024
/** The same to be looked at. */
const readSize = 1024 * 1024

/**
 * The body of one attempt; a file is opened anew for each, and read into one piece of memory again and again: undici asks
 * for the next bytes when the socket has taken those before, as it has to wait for where they are more than it buffers.
 */
export function toWireBody(source: PartSource & { readonly kind: 'file' }): AsyncIterable<Uint8Array>
export function toWireBody(source: PartSource): Uint8Array | AsyncIterable<Uint8Array>
export function toWireBody(source: PartSource): Uint8Array | AsyncIterable<Uint8Array> {
  if (source.kind === 'bytes') return source.bytes
  const memory = Buffer.allocUnsafeSlow(sentSize)
  return readPieces(source, () => memory)
}

/** Memory to look at files through, which is free; as much as was needed at once. */
const free: Buffer[] = []

/** Takes the bytes of a source in, as a checksum does: it may not keep them. */
export async function eachPiece(source: PartSource, take: (piece: Uint8Array) => void): Promise<void> {
  if (source.kind === 'bytes') return take(source.bytes)
  const memory = free.pop() ?? Buffer.allocUnsafeSlow(readSize)
  try {
    for await (const piece of readPieces(source, () => memory)) take(piece)
  } finally {
    free.push(memory)
  }
}

/** The bytes of a source. */
export async function readPart(source: PartSource): Promise<Uint8Array> {
  if (source.kind === 'bytes') return source.bytes
  const bytes = Buffer.allocUnsafeSlow(source.size)
  let filled = 0
  for await (const piece of readPieces(source, () => bytes.subarray(filled))) filled += piece.length
  return bytes
}

/**
 * Reads a range of a file piece by piece, each into the memory that is given for it.
 * @throws StackError `precondition-failed` where the file is shorter by now than it was.
 */
async function* readPieces(
  { path, start = 0, size }: PartSource & { kind: 'file' },
  memory: () => Buffer,
): AsyncGenerator<Buffer, void, undefined> {
  const file = await openSource(path)
  try {
    for (let done = 0; done < size; ) {
      const piece = memory()
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, size - done), start + done)
      if (bytesRead === 0) {
        throw new StackError('precondition-failed', 'its source changed its length while it was sent')
      }
      done += bytesRead
      yield bytesRead === piece.length ? piece : Buffer.from(piece.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

/** A pipe that has taken the file's place must not block. */
async function openSource(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new StackError('precondition-failed', 'its source was removed while it was sent', { cause })
  }
}
