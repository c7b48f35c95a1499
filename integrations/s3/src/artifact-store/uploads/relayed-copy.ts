/** Copies within a bucket by way of this machine, for what the server cannot copy. */
import type { ArtifactStoreDriver, CopyOptions, PartResult, PutOptions, PutResult, Stat } from '@stack/core'

/** What is read and sent at a time; larger only where an object has more than ten thousand of them. */
const pieceSize = 16 * 1024 ** 2

/** Copies what a stat describes, under the condition of the copy. */
export async function relayCopy(
  driver: Pick<ArtifactStoreDriver, 'get' | 'put'> & Required<Pick<ArtifactStoreDriver, 'multipart'>>,
  { source, to }: { readonly source: Stat; readonly to: string },
  { ifAbsent, signal }: CopyOptions,
): Promise<PutResult> {
  const { key, size, version, contentType, metadata } = source
  const during = signal === undefined ? {} : { signal }
  const options: PutOptions = {
    ...during,
    ...(ifAbsent === undefined ? {} : { ifAbsent }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(metadata === undefined ? {} : { metadata }),
  }
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (start === end) return new Uint8Array(0)
    const pinned = version === undefined ? {} : { ifMatch: version }
    const opened = await driver.get(key, { ...during, ...pinned, range: { start, end } })
    const bytes = new Uint8Array(end - start)
    await opened.into(bytes)
    return bytes
  }
  if (size <= pieceSize) return driver.put(to, { kind: 'bytes', bytes: await read(0, size) }, options)
  const upload = await driver.multipart(to, options)
  try {
    const parts: PartResult[] = []
    const partSize = Math.max(pieceSize, Math.ceil(size / upload.maxParts))
    for (let start = 0; start < size; start += partSize) {
      const end = Math.min(start + partSize, size)
      const bytes = await read(start, end)
      parts.push(await upload.part(parts.length + 1, { kind: 'bytes', bytes }, { ...during, last: end === size }))
    }
    return await upload.complete(parts, during)
  } catch (error) {
    await upload.abort().catch(() => {})
    throw error
  }
}
