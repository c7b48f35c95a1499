/** Large objects in one session: interrupted, cut short, cancelled, expired, and refused. */
import { type FaultProxy, startFaultProxy } from '@stack/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GcsArtifactStore } from '../../src/artifact-store/gcs-artifact-store.js'
import type { Bucket } from '../gcs-server/bucket.js'
import { GcsServer } from '../gcs-server/gcs-server.js'
import { makeStore } from './gcs-store.js'

const multiple = 256 * 1024
const partSize = 2 * multiple
const content = Buffer.from(Array.from({ length: 5 * partSize + 1000 }, (_, index) => (index * 7 + (index >> 9)) % 251))

let server: GcsServer
let proxy: FaultProxy
let bucket: Bucket
let store: GcsArtifactStore
beforeAll(async () => {
  server = await GcsServer.start()
  proxy = await startFaultProxy({ target: server.endpoint, rate: 0 })
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => {
  server.sessions.expire()
  server.sessions.keptAtOnce = Number.POSITIVE_INFINITY
  server.log.length = 0
  proxy.setRate(0)
  bucket = server.createBucket()
  store = makeStore({ path: `gs://${bucket.name}`, endpoint: proxy.url })
})

const upload = (options: object = {}) => store.write('object', content, { partSize, ...options })
const stored = () => bucket.objects.get('object')

describe('an upload in a session', () => {
  it('sends parts in order and the last with the total, and asks nothing where nothing breaks', async () => {
    const { size, version } = await upload({ contentType: 'text/plain', metadata: { a: 'ü' } })
    expect(size).toBe(content.length)
    expect(version).toBe(stored()?.generation)
    expect(stored()?.bytes.equals(content)).toBe(true)
    expect(server.log.filter((line) => line.startsWith('PUT'))).toHaveLength(6)
    expect(await store.stat('object')).toMatchObject({ contentType: 'text/plain', metadata: { a: 'ü' } })
    expect(server.sessions.open).toBe(0)
  })

  it('of an exact multiple of parts is completed as well', async () => {
    await store.write('object', content.subarray(0, 4 * partSize), { partSize })
    expect(stored()?.bytes.equals(content.subarray(0, 4 * partSize))).toBe(true)
  })

  it('of a writer that ends with a whole part is completed by a request without bytes', async () => {
    const writer = await store.writer('object', { partSize })
    await writer.write(content.subarray(0, 2 * partSize))
    await writer.close()
    expect(stored()?.bytes.equals(content.subarray(0, 2 * partSize))).toBe(true)
  })

  it.each(['cut', 'lost', 'reset', '503'] as const)('goes on after every third request or so is %s', async (fault) => {
    proxy.setFaults([fault])
    proxy.setRate(0.35)
    await upload({ ifAbsent: true })
    expect(stored()?.bytes.equals(content)).toBe(true)
    expect(proxy.counts[fault]).toBeGreaterThan(0)
  })

  it('goes on where the server keeps less than it is sent', async () => {
    server.sessions.keptAtOnce = multiple
    await upload()
    expect(stored()?.bytes.equals(content)).toBe(true)
  })

  it('that is aborted is cancelled, and leaves no object', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const source = async function* () {
      yield content.subarray(0, 3 * partSize)
      controller.abort(reason)
      yield content.subarray(3 * partSize)
    }
    await expect(store.write('object', source(), { partSize, signal: controller.signal })).rejects.toBe(reason)
    await expect.poll(() => server.sessions.open).toBe(0)
    expect(stored()).toBeUndefined()
  })

  it('whose source fails is cancelled, and leaves the object as it was', async () => {
    await store.write('object', 'before')
    const source = async function* () {
      yield content.subarray(0, 3 * partSize)
      throw new Error('the source failed')
    }
    await expect(store.write('object', source(), { partSize })).rejects.toThrow('the source failed')
    await expect.poll(() => server.sessions.open).toBe(0)
    expect(await store.readText('object')).toBe('before')
  })

  it('that expired meanwhile is told, and leaves no object', async () => {
    const writer = await store.writer('object', { partSize })
    await writer.write(content.subarray(0, 3 * partSize))
    await expect.poll(() => server.log.filter((line) => line.startsWith('PUT')).length).toBeGreaterThan(0)
    server.sessions.expire()
    const closing = (async () => {
      await writer.write(content.subarray(3 * partSize))
      await writer.close()
    })()
    await expect(closing).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('upload is gone'),
    })
    expect(stored()).toBeUndefined()
  })

  it('is refused at its beginning and at its end where another made the object', async () => {
    await store.write('object', 'another')
    await expect(upload({ ifAbsent: true })).rejects.toMatchObject({ code: 'already-exists' })
    const writer = await store.writer('late', { partSize, ifAbsent: true })
    await writer.write(content)
    await store.write('late', 'another')
    await expect(writer.close()).rejects.toMatchObject({ code: 'already-exists' })
    expect(await store.readText('late')).toBe('another')
  })

  it('under a version is refused where the object changed meanwhile', async () => {
    const { version = '' } = await store.write('object', 'first')
    const writer = await store.writer('object', { partSize, ifMatch: version })
    await writer.write(content)
    await store.write('object', 'second')
    await expect(writer.close()).rejects.toMatchObject({ code: 'precondition-failed' })
    expect(await store.readText('object')).toBe('second')
  })

  it('knows its object again where the answer to the last part was lost', async () => {
    proxy.setFaults(['lost'])
    const writer = await store.writer('object', { partSize, ifAbsent: true })
    await writer.write(content)
    proxy.setRate(0.5)
    const { size } = await writer.close()
    proxy.setRate(0)
    expect(size).toBe(content.length)
    expect(stored()?.bytes.equals(content)).toBe(true)
  })
})
