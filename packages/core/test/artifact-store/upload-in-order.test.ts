/** Uploads whose parts go in order: the object appears with the last of them. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { MultipartUpload } from '../../src/artifact-store/driver.js'
import { findFile } from '../../src/artifact-store/file-source.js'
import { fileFeed } from '../../src/artifact-store/part-feed.js'
import { toTransfer } from '../../src/artifact-store/transfer-options.js'
import { type MultipartDriver, uploadParts } from '../../src/artifact-store/upload-parts.js'

const partSize = 1000

/** Uploads a file of three parts, and acts when one of them has arrived; resolves to the last bytes that were sent. */
async function upload(act: (file: string, number: number) => Promise<void>) {
  const directory = await mkdtemp(join(tmpdir(), 'stack-in-order-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const file = join(directory, 'file')
  await writeFile(file, 'a'.repeat(3 * partSize))
  const sent: string[] = []
  const session: MultipartUpload = {
    ...{ partSize: { min: partSize, max: partSize }, maxParts: 10, inOrder: true },
    async part(number, source) {
      if (source.kind === 'bytes') sent.push(`${number} ${Buffer.from(source.bytes)}`)
      else sent.push(`${number} of the file`)
      await act(file, number)
      return { number, size: source.kind === 'bytes' ? source.bytes.length : source.size }
    },
    complete: async () => ({ size: 3 * partSize }),
    abort: async () => {},
  }
  const driver = { multipart: async () => session } as unknown as MultipartDriver
  const source = await findFile(file)
  const transfer = toTransfer({ partSize, concurrency: 1 })
  const outcome = await uploadParts(
    driver,
    'key',
    (opened) => fileFeed(source, opened, transfer),
    {},
    new AbortController(),
  ).catch((error: unknown) => error)
  return { outcome, sent }
}

it('a file that changes before the last part is refused, and that part is not sent', async () => {
  const { outcome, sent } = await upload((file, number) => (number === 2 ? appendFile(file, 'b') : Promise.resolve()))
  expect(outcome).toMatchObject({ code: 'precondition-failed' })
  expect(sent).toEqual(['1 of the file', '2 of the file'])
})

it('a file that changes when the object is there does not deny it', async () => {
  const { outcome, sent } = await upload((file, number) => (number === 3 ? appendFile(file, 'b') : Promise.resolve()))
  expect(outcome).toEqual({ size: 3 * partSize })
  expect(sent.at(-1)).toBe(`3 ${'a'.repeat(partSize)}`)
})
