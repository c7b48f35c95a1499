/** Parts of uploads, as cases need them: how large they are, and that none are left behind. */
import type { ArtifactStoreDriver } from '@stack/core'
import { expect } from 'vitest'
import { collect } from './store-case.js'

/** Small enough for many parts, where the store has no least size. */
const wantedPartSize = 256 * 1024

/** How long a server may take to forget an upload that was aborted. */
const patienceMs = 5000

/** The smallest part a store takes, but no tiny one. */
export async function smallestPartSize(driver: ArtifactStoreDriver): Promise<number> {
  if (driver.multipart === undefined) return wantedPartSize
  const upload = await driver.multipart('part-size', {})
  const { min, multiple = 1 } = upload.partSize
  await upload.abort()
  return Math.ceil(Math.max(min, wantedPartSize) / multiple) * multiple
}

/** Expects that no upload is left unfinished, as far as the store can tell. */
export async function expectNoUploads(driver: ArtifactStoreDriver): Promise<void> {
  if (driver.unfinishedUploads === undefined) return
  const uploads = async (): Promise<string[]> =>
    (await collect(driver.unfinishedUploads?.({}) ?? none())).map(({ key }) => key)
  const deadline = Date.now() + patienceMs
  let left = await uploads()
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    left = await uploads()
  }
  expect(left, 'uploads were left unfinished').toEqual([])
}

async function* none(): AsyncGenerator<never> {}
