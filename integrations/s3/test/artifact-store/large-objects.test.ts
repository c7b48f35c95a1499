/** What arrives in parts where answers are lost, and copies that go by parts. */
import { type ArtifactStoreDriver, Secret } from '@stack/core'
import { describeOnServer } from '@stack/test-servers'
import { startFaultProxy } from '@stack/testing'
import { describe, expect, it } from 'vitest'
import { s3ArtifactStoreConfig } from '../../src/artifact-store/config/config.js'
import { openCalls } from '../../src/artifact-store/open-calls.js'
import { copyOnServer } from '../../src/artifact-store/uploads/server-copy.js'
import { openDriver } from './open-store.js'

const mebibyte = 1024 ** 2
const sizes = { largest: 2 * mebibyte, part: 5 * mebibyte }

for (const name of ['versitygw', 'minio', 'ceph-rgw'] as const) {
  await describeOnServer('large objects', name, (server) => {
    const checksums = name === 'ceph-rgw' ? 'when-required' : 'when-supported'

    async function openBucket() {
      const { endpoint, credentials, region } = server()
      const bucket = await server().createBucket()
      const config = {
        ...s3ArtifactStoreConfig.parse({
          ...{ path: `s3://${bucket}`, endpoint, region, forcePathStyle: true, checksums },
        }),
        ...{ key: new Secret(credentials.accessKeyId), secret: new Secret(credentials.secretAccessKey) },
      }
      const { calls } = await openCalls(config, bucket)
      return { calls, driver: await openDriver(server(), `s3://${bucket}`, { checksums }) }
    }

    describe('a copy that is too large for one request', () => {
      it.each([{}, { ifNoneMatch: '*' }] as const)('goes by parts under the conditions %o', async (conditions) => {
        const { calls, driver } = await openBucket()
        const bytes = Buffer.from(Array.from({ length: 12 * mebibyte + 3 }, (_, index) => index % 251))
        await driver.put('from', { kind: 'bytes', bytes }, { contentType: 'text/plain', metadata: { colour: 'red' } })
        const source = await calls.head('from', {})
        await copyOnServer(calls, { from: 'from', to: 'to é', source, sizes }, conditions)
        const stat = await driver.head('to é', {})
        expect(stat).toMatchObject({ size: bytes.length, contentType: 'text/plain', metadata: { colour: 'red' } })
        const target = new Uint8Array(bytes.length)
        await (await driver.get('to é', {})).into(target)
        expect(bytes.equals(target)).toBe(true)
        expect(await keysOf(driver)).toEqual([])
        await calls.dispose()
        await driver.dispose?.()
      })

      it('leaves nothing where its source has changed', async () => {
        const { calls, driver } = await openBucket()
        await driver.put('from', { kind: 'bytes', bytes: Buffer.alloc(3 * mebibyte) }, {})
        const source = { ...(await calls.head('from', {})), version: '"00000000000000000000000000000000"' }
        await expect(copyOnServer(calls, { from: 'from', to: 'to', source, sizes }, {})).rejects.toThrow()
        expect(await driver.head('to', {})).toBeNull()
        expect(await keysOf(driver)).toEqual([])
        await calls.dispose()
        await driver.dispose?.()
      })
    })

    it('uploads in parts are recognised and leave nothing where every second answer is lost', async () => {
      await using proxy = await startFaultProxy({ target: server().endpoint, rate: 0.5, faults: ['lost'] })
      const path = `s3://${await server().createBucket()}`
      const lossy = await openDriver({ ...server(), endpoint: proxy.url }, path, { checksums })
      const direct = await openDriver(server(), path, { checksums })
      const bytes = Buffer.alloc(1000, name)
      for (let round = 0; round < 8; round += 1) {
        const options = round % 2 === 0 ? { ifAbsent: true } : {}
        const upload = await lossy.multipart?.(`made-${round}`, options)
        const part = await upload?.part(1, { kind: 'bytes', bytes }, { last: true })
        const done = await upload?.complete(part === undefined ? [] : [part], {})
        expect(await direct.head(`made-${round}`, {})).toMatchObject({ size: 1000, version: done?.version })
        if (round % 2 === 0) {
          await expect(lossy.multipart?.(`made-${round}`, options)).rejects.toMatchObject({ code: 'already-exists' })
        }
      }
      expect(proxy.counts.lost).toBeGreaterThan(8)
      expect(await keysOf(direct)).toEqual([])
      for (const driver of [lossy, direct]) await driver.dispose?.()
    })
  })
}

/** The keys of unfinished uploads. */
async function keysOf(driver: ArtifactStoreDriver): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of driver.unfinishedUploads?.({}) ?? []) keys.push(key)
  return keys
}
