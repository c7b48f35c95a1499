/** `verify`: what it finds, and that it leaves nothing. */
import { expect } from 'vitest'
import { expectNoUploads } from '../parts.js'
import { allFiles, type StoreCase } from '../store-case.js'

export const verifyingCases: readonly StoreCase[] = [
  {
    id: 'verify.checks',
    title: 'a store that works fails no check, and nothing is left of them',
    async run({ store, driver }) {
      await store.write('dir/kept', 'kept')
      const { checks, removedUploads } = await store.verify()
      expect(checks.length).toBeGreaterThan(0)
      expect(checks.filter(({ status }) => status === 'failed')).toEqual([])
      for (const { name, message } of checks) expect(name, message).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
      expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length)
      expect(removedUploads).toEqual([])
      expect(await allFiles(store)).toEqual(['dir/kept'])
      expect(await store.listdir('')).toEqual(['dir'])
      await expectNoUploads(driver)
    },
  },
  {
    id: 'verify.uploads',
    title: 'uploads that a killed writer left are found and removed when they are old, and no others',
    async run({ store, driver }) {
      expect(await allFiles(store)).toEqual([])
      if (driver.multipart === undefined || driver.unfinishedUploads === undefined) return
      const upload = await driver.multipart('dir/left', {})
      const bytes = new Uint8Array(upload.partSize.min)
      await upload.part(1, { kind: 'bytes', bytes }, { last: true })
      const young = await store.verify()
      expect(young.removedUploads).toEqual([])
      // A server may count in seconds, and a second later than this machine.
      await new Promise((resolve) => setTimeout(resolve, 1100))
      const { removedUploads } = await store.verify({ olderThanMs: 0 })
      expect(removedUploads).toEqual(['dir/left'])
      await expectNoUploads(driver)
      expect(await allFiles(store)).toEqual([])
    },
  },
  {
    id: 'verify.aborted',
    title: 'an abort ends it with the reason, and leaves nothing',
    async run({ store }) {
      for (const moment of [0, 1, 5]) {
        const controller = new AbortController()
        const reason = new Error('enough')
        const verifying = store.verify({ signal: controller.signal }).catch((error: unknown) => error)
        await new Promise((resolve) => setTimeout(resolve, moment))
        controller.abort(reason)
        const outcome = await verifying
        if (outcome instanceof Error) expect(outcome).toBe(reason)
      }
      await expect.poll(() => allFiles(store), { timeout: 5000 }).toEqual([])
    },
  },
]
