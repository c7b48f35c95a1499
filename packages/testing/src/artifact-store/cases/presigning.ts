/** Requests that anybody may send for a while; a store that has none says so. */
import { expect } from 'vitest'
import { expectCode, type StoreCase, type StoreCaseContext } from '../store-case.js'

export const presigningCases: readonly StoreCase[] = [
  {
    id: 'presign.get',
    title: 'a presigned GET gives the object to plain fetch, its key of whatever signs',
    async run(context) {
      if (await isRefused(context)) return
      const { store } = context
      for (const path of ['dir/object', "dir/ö b+c%20&d='e'(f)!*.txt"]) {
        await store.write(path, path)
        const { url, method, headers, expiresAt } = await store.presign(path, { method: 'GET', expiresIn: 60 })
        const answer = await fetch(url, { method, headers })
        expect([answer.status, await answer.text()], url).toEqual([200, path])
        expect(Math.abs(expiresAt.getTime() - Date.now() - 60_000)).toBeLessThan(10_000)
      }
    },
  },
  {
    id: 'presign.put',
    title: 'a presigned PUT writes the object by plain fetch',
    async run(context) {
      if (await isRefused(context)) return
      const { store } = context
      const { url, method, headers } = await store.presign('dir/new', { method: 'PUT', expiresIn: 60 })
      const answer = await fetch(url, { method, headers, body: 'sent' })
      await answer.text()
      expect(answer.ok, `${answer.status}`).toBe(true)
      expect(await store.readText('dir/new')).toBe('sent')
    },
  },
  {
    id: 'presign.expired',
    title: 'a presigned request is refused after its time',
    async run(context) {
      if (await isRefused(context)) return
      const { store } = context
      await store.write('object', 'secret')
      const { url, method, headers } = await store.presign('object', { method: 'GET', expiresIn: 1 })
      await new Promise((resolve) => setTimeout(resolve, 2500))
      await expectRefused(url, { method, headers })
    },
  },
  {
    id: 'presign.tampered',
    title: 'a presigned request is refused for another object, another method or with another signature',
    async run(context) {
      if (await isRefused(context)) return
      const { store } = context
      for (const path of ['object', 'secret']) await store.write(path, path)
      const { url, headers } = await store.presign('object', { method: 'GET', expiresIn: 60 })
      await expectRefused(url.replace('/object', '/secret'), { headers })
      await expectRefused(url, { headers, method: 'PUT', body: 'x' })
      await expectRefused(
        url.replace(
          /(signature=\w*?)(\w)(&|$)/i,
          (_, start, digit, end) => `${start}${digit === '0' ? '1' : '0'}${end}`,
        ),
        { headers },
      )
      expect(await store.readText('object')).toBe('object')
    },
  },
  {
    id: 'presign.usage',
    title: 'a time of no seconds, a method of another kind, and the root are refused',
    async run(context) {
      if (await isRefused(context)) return
      const { store } = context
      for (const expiresIn of [0, -1, 0.5]) await expectCode(store.presign('a', { method: 'GET', expiresIn }), 'usage')
      await expectCode(store.presign('a', { method: 'DELETE' as 'GET', expiresIn: 60 }), 'usage')
      await expectCode(store.presign('', { method: 'GET', expiresIn: 60 }), 'is-a-directory')
    },
  },
]

/** Says whether the store has no such requests, and expects it to say so. */
async function isRefused({ store, capabilities }: StoreCaseContext): Promise<boolean> {
  if (capabilities.presign) return false
  await expectCode(store.presign('object', { method: 'GET', expiresIn: 60 }), 'unsupported', 'object')
  return true
}

async function expectRefused(url: string, init: RequestInit): Promise<void> {
  const answer = await fetch(url, init)
  await answer.text()
  expect(answer.status, url).toBeGreaterThanOrEqual(400)
  expect(answer.status, url).toBeLessThan(500)
}
