/** Uploading in parts, several at a time: all arrive and the object appears, or nothing is left of them. */
import type { ArtifactStoreDriver, MultipartUpload, PartResult, PutOptions, PutResult } from './driver.js'
import { readFilePart } from './file-source.js'
import type { Part, PartFeed } from './part-feed.js'
import { runWorkers } from './run-workers.js'

/** A driver that takes objects in parts. */
export type MultipartDriver = ArtifactStoreDriver & Required<Pick<ArtifactStoreDriver, 'multipart'>>

/** Says whether a driver takes objects in parts. */
export function takesParts(driver: ArtifactStoreDriver): driver is MultipartDriver {
  return driver.multipart !== undefined
}

/** Sends the parts of a feed; whatever fails cancels those that are on their way, and the upload. */
export async function uploadParts(
  driver: MultipartDriver,
  key: string,
  open: (upload: MultipartUpload) => PartFeed,
  options: PutOptions,
  controller: AbortController,
): Promise<PutResult> {
  const { signal } = controller
  // Not cancelled: an upload whose beginning nobody waits for would be left behind.
  const upload = await driver.multipart(key, { ...options, signal: undefined, timeoutMs: undefined })
  try {
    signal.throwIfAborted()
    const feed = open(upload)
    const send = sender(upload, feed, signal)
    const take = async (): Promise<PreparedPart | null> => {
      const part = await feed.next()
      if (part?.source.kind !== 'file') return part
      const checksum = upload.checksum?.(part.source, { signal })
      // It is told where it is waited for.
      checksum?.catch(() => {})
      return { ...part, checksum }
    }
    const arrived: PartResult[] = []
    await runWorkers(controller, feed.atOnce, async () => {
      for (let part = await take(); part !== null; ) {
        signal.throwIfAborted()
        const checksum = await part.checksum
        const sent = send({ ...part, checksum })
        // A part of a file costs no memory before it is sent: it is read for its checksum while the one before is on its way.
        const next = part.source.kind === 'file' ? await take() : undefined
        arrived[part.number - 1] = await sent
        feed.release?.(part)
        part = next === undefined ? await take() : next
      }
    })
    if (upload.inOrder !== true) await feed.check?.()
    signal.throwIfAborted()
    return await upload.complete(arrived, { signal })
  } catch (error) {
    // What went wrong is told; an upload that cannot be removed now is found by `verify`.
    await upload.abort().catch(() => {})
    throw error
  }
}

interface PreparedPart extends Part {
  readonly checksum?: Promise<string | undefined> | undefined
}

type PartToSend = Part & { readonly checksum: string | undefined }

/** Sends parts as they come, or where the upload wants them in order one after the other. */
function sender(
  upload: MultipartUpload,
  feed: PartFeed,
  signal: AbortSignal,
): (part: PartToSend) => Promise<PartResult> {
  const send = ({ number, source, last, checksum }: PartToSend): Promise<PartResult> =>
    upload.part(number, source, { signal, last, checksum })
  if (upload.inOrder !== true) return send
  let turn: Promise<unknown> = Promise.resolve()
  return (part) => {
    const sent = turn.then(async () => send(part.last ? await closing(part, feed, signal) : part))
    turn = sent
    return sent
  }
}

/**
 * The last part of those that go in order, with which the object appears: read when all others have been sent, and checked
 * before it is sent itself.
 */
async function closing(part: PartToSend, feed: PartFeed, signal: AbortSignal): Promise<PartToSend> {
  const { source } = part
  const bytes = source.kind === 'file' ? await readFilePart(source, signal) : source.bytes
  await feed.check?.()
  return { ...part, source: { kind: 'bytes', bytes } }
}
