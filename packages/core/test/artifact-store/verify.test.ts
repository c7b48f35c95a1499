/** `verify`: what it finds of good and bad stores, and that it leaves nothing. */
import { describe, expect, test } from 'vitest'
import { StackError, type VerifyReport } from '../../src/index.js'
import { type MemoryDriverOptions, MemoryStore, memoryStore } from './memory-driver.js'

const statuses = ({ checks }: VerifyReport) => Object.fromEntries(checks.map(({ name, status }) => [name, status]))
const found = ({ checks }: VerifyReport, name: string) => checks.find((check) => check.name === name)

const good = {
  write: 'ok',
  list: 'ok',
  read: 'ok',
  stat: 'ok',
  'conditional-create': 'ok',
  'conditional-update': 'ok',
  multipart: 'ok',
  delete: 'ok',
  'unfinished-uploads': 'ok',
}

const forbidding = (...verbs: string[]): MemoryDriverOptions => ({
  before: ({ verb }) => {
    if (verbs.includes(verb)) throw new StackError('permission-denied', 'access is denied')
  },
})

describe('verify', () => {
  test('finds a good store good, and leaves what was there and nothing else', async () => {
    const { store, driver } = memoryStore()
    await store.write('object', 'x')
    const report = await store.verify()
    expect(statuses(report)).toEqual(good)
    expect([...driver.objects.keys()]).toEqual(['object'])
    expect(
      driver
        .called('put')
        .slice(1)
        .every(({ key }) => /^\.stack-verify-[0-9a-f-]{36}\/object$/.test(key)),
    ).toBe(true)
    expect(driver.uploads.size).toBe(0)
  })

  test('tells which permission is missing, and tries the rest', async () => {
    for (const [verb, check, permission] of [
      ['list', 'list', 'list objects'],
      ['get', 'read', 'read objects'],
      ['delete', 'delete', 'delete objects'],
    ] as const) {
      const { store } = memoryStore(forbidding(verb))
      const report = await store.verify()
      expect(statuses(report)).toMatchObject({ write: 'ok', [check]: 'failed', 'conditional-create': 'ok' })
      expect(found(report, check)).toEqual({
        name: check,
        status: 'failed',
        message: 'permission-denied: access is denied',
        code: 'permission-denied',
        hint: `The permission to ${permission} is missing.`,
      })
    }
  })

  test('tries only to list where it may not write', async () => {
    const { store } = memoryStore(forbidding('put'))
    expect(statuses(await store.verify())).toEqual({ write: 'failed', list: 'ok', 'unfinished-uploads': 'ok' })
  })

  test('finds a store that ignores conditions, and warns of one that says so', async () => {
    const ignoring = memoryStore()
    const put = ignoring.driver.put.bind(ignoring.driver)
    ignoring.driver.put = (key, source) => put(key, source, {})
    expect(statuses(await ignoring.store.verify())).toEqual({
      ...good,
      'conditional-create': 'failed',
      'conditional-update': 'failed',
    })
    const saying = memoryStore({ capabilities: { conditionalCreate: false, conditionalUpdate: false } })
    expect(statuses(await saying.store.verify())).toEqual({
      ...good,
      'conditional-create': 'warning',
      'conditional-update': 'warning',
    })
  })

  test('finds bytes that come back changed, and an upload that cannot be completed', async () => {
    const changing = memoryStore({ tamper: (bytes) => bytes.fill(0) })
    expect(statuses(await changing.store.verify())).toEqual({ ...good, read: 'failed', multipart: 'failed' })
    const { store, driver } = memoryStore(forbidding('complete'))
    expect(statuses(await store.verify())).toEqual({ ...good, multipart: 'failed' })
    expect({ objects: driver.objects.size, uploads: driver.uploads.size }).toEqual({ objects: 0, uploads: 0 })
  })

  test('removes uploads that are old enough, and names them', async () => {
    const { store, driver } = memoryStore()
    await driver.multipart('left/behind', {})
    const young = await store.verify()
    expect(young.removedUploads).toEqual([])
    expect(found(young, 'unfinished-uploads')?.message).toContain('1 too young')
    expect((await store.verify({ olderThanMs: 500 })).removedUploads).toEqual(['left/behind'])
    expect((await store.verify({ olderThanMs: 0 })).removedUploads).toEqual([])
    expect(driver.uploads.size).toBe(0)
    await expect(store.verify({ olderThanMs: -1 })).rejects.toMatchObject({ code: 'usage' })
  })

  test('tells what the driver finds of its own, also when that breaks', async () => {
    const { store, driver } = memoryStore()
    Reflect.set(driver, 'verify', async function* () {
      yield { name: 'bucket', status: 'ok', message: 'it exists' }
      throw new StackError('unavailable', 'the server does not answer')
    })
    const report = await store.verify()
    expect(statuses(report)).toEqual({ ...good, bucket: 'ok', store: 'failed' })
    expect(found(report, 'store')?.message).toBe('unavailable: the server does not answer')
  })

  test('tells a store that cannot be connected', async () => {
    class Unconnected extends MemoryStore {
      protected override connect(): never {
        throw new StackError('unauthenticated', 'no credentials were found', { hint: 'Log in.' })
      }
    }
    expect(await new Unconnected(memoryStore().driver).verify()).toEqual({
      checks: [
        {
          name: 'connect',
          status: 'failed',
          message: 'unauthenticated: no credentials were found',
          code: 'unauthenticated',
          hint: 'Log in.',
        },
      ],
      removedUploads: [],
    })
  })

  test('that is aborted rejects with the reason, and leaves nothing', async () => {
    for (const verb of ['put', 'list', 'get', 'head', 'complete', 'delete']) {
      const controller = new AbortController()
      const { store, driver } = memoryStore({
        before: (call) => {
          if (call.verb === verb) controller.abort(new Error('enough'))
        },
      })
      await expect(store.verify({ signal: controller.signal })).rejects.toThrow('enough')
      expect({ verb, objects: driver.objects.size, uploads: driver.uploads.size }).toEqual({
        verb,
        objects: 0,
        uploads: 0,
      })
    }
  })
})
