/** What the S3 store does beyond the kit: parts, presigned requests, its probe, and its words for what goes wrong. */
import { crc32 } from 'node:zlib'
import { type ArtifactStoreDriver, Secret, type VerifyCheck } from '@stack/core'
import { encodeCrc } from '@stack/object-http'
import { collect, describeOnServer, type RunningServer, startServer } from '@stack/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3ArtifactStoreConfig } from '../../src/artifact-store/config/config.js'
import { makeClient } from '../../src/artifact-store/sdk/client.js'
import { openDriver, openStore } from './open-store.js'

const mebibyte = 1024 ** 2

it('says that nothing listens at the endpoint', async () => {
  const server = await startServer('fauxqs')
  await server[Symbol.asyncDispose]()
  await expect(openStore(server, 's3://bucket').read('a')).rejects.toMatchObject({ code: 'unavailable' })
})

it('wants key and secret together', () => {
  const config = s3ArtifactStoreConfig.parse({ path: 's3://b' })
  expect(() => makeClient({ ...config, key: new Secret('a') })).toThrow('together')
})

const ways = [
  ['over the data plane', {}],
  ['over the SDK', { clientConfig: { requestHandler: {} } }],
] as const

for (const name of ['fauxqs', 'versitygw', 'minio'] as const) {
  await describeOnServer('the S3 driver', name, (running) =>
    describe.each(ways)('%s', (_, way) => {
      let server: RunningServer
      let bucket: string
      let driver: ArtifactStoreDriver
      // The server from npm reads no parts that come with checksums.
      const checked = { ...way, checksums: name === 'fauxqs' ? 'when-required' : 'when-supported' }
      beforeAll(async () => {
        server = running()
        bucket = await server.createBucket()
        driver = await openDriver(server, `s3://${bucket}/root`, checked)
      })
      afterAll(async () => {
        await driver?.dispose?.()
      })

      const parts = [Buffer.alloc(5 * mebibyte, 'a'), Buffer.alloc(5 * mebibyte, 'b'), Buffer.from('the end')]
      const whole = Buffer.concat(parts)

      async function upload(key: string, options: Parameters<NonNullable<ArtifactStoreDriver['multipart']>>[1]) {
        const begun = await driver.multipart?.(key, options)
        if (begun === undefined) throw new Error('the driver has no multipart')
        const sent = await Promise.all(
          parts.map((bytes, index) => begun.part(index + 1, { kind: 'bytes', bytes }, { last: index === 2 })),
        )
        return { begun, sent }
      }

      it('puts an object together from parts that arrive side by side', async () => {
        const { begun, sent } = await upload('whole', { contentType: 'text/plain', metadata: { colour: 'grün' } })
        if (name !== 'fauxqs')
          expect(sent.map(({ checksum }) => checksum)).toEqual(parts.map((bytes) => `crc32:${encodeCrc(crc32(bytes))}`))
        const { size, version } = await begun.complete(sent, {})
        expect(size).toBe(whole.length)
        const stat = await driver.head('whole', {})
        expect(stat).toMatchObject({ size, version, contentType: 'text/plain', metadata: { colour: 'grün' } })
        if (name !== 'fauxqs') expect(stat?.checksum).toBe(`crc32:${encodeCrc(crc32(whole))}`)
        const opened = await driver.get('whole', {})
        const target = new Uint8Array(size)
        expect(await opened.into(target)).toBe(size)
        expect(whole.equals(target)).toBe(true)
      })

      it('completes under the conditions of a write', async () => {
        const { begun, sent } = await upload('conditional', { ifAbsent: true })
        const { version } = await begun.complete(sent, {})
        await expect(driver.multipart?.('conditional', { ifAbsent: true })).rejects.toMatchObject({
          code: 'already-exists',
        })
        const late = await upload('late', { ifAbsent: true })
        await driver.put('late', { kind: 'bytes', bytes: Buffer.from('first') }, {})
        await expect(late.begun.complete(late.sent, {})).rejects.toMatchObject({ code: 'already-exists' })
        await late.begun.abort()
        const update = await upload('conditional', { ifMatch: version ?? '' })
        await update.begun.complete(update.sent, {})
        await expect(driver.multipart?.('conditional', { ifMatch: '"stale"' })).rejects.toMatchObject({
          code: 'precondition-failed',
        })
      })

      it('presigns a read and a write that anybody can send', async () => {
        const put = await driver.presign?.('pre signed/+ü', { method: 'PUT', expiresIn: 60 })
        const get = await driver.presign?.('pre signed/+ü', { method: 'GET', expiresIn: 60 })
        if (put === undefined || get === undefined) throw new Error('the driver presigns nothing')
        expect(put.expiresAt.getTime() - Date.now()).toBeGreaterThan(50_000)
        const written = await fetch(put.url, { method: put.method, headers: put.headers, body: 'hello' })
        expect(await written.text()).toBe('')
        const read = await fetch(get.url, { headers: get.headers })
        expect(await read.text()).toBe('hello')
        if (name === 'fauxqs') return
        const tampered = await fetch(get.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61'))
        expect(tampered.status).toBe(403)
      })

      it('presigns for a week at most', async () => {
        await expect(driver.presign?.('a', { method: 'GET', expiresIn: 604_801 })).rejects.toMatchObject({
          code: 'usage',
        })
      })

      it('verifies the bucket and leaves nothing behind', async () => {
        const checks = await verify(driver)
        expect(checks).toMatchObject([
          { name: 'checksums', status: 'ok' },
          {
            name: 'conditions',
            status: 'ok',
            message: expect.stringContaining(name === 'fauxqs' ? 'ignores' : 'honours'),
          },
        ])
        const fresh = await openDriver(server, `s3://${await server.createBucket()}`, checked)
        await verify(fresh)
        for await (const { entries } of fresh.list('', {})) expect(entries).toEqual([])
        expect(await unfinished(fresh)).toEqual([])
        await fresh.dispose?.()
      })

      it('tells of a server that does with conditions what the config does not say', async () => {
        const wrong = await openDriver(server, `s3://${bucket}`, { ...way, conditionalWrites: name === 'fauxqs' })
        const found = (await verify(wrong)).at(-1)
        await wrong.dispose?.()
        const [status, value] = name === 'fauxqs' ? ['failed', false] : ['warning', true]
        const hint = `stack artifact-store update NAME --conditionalWrites=${value}`
        expect(found).toMatchObject({ name: 'conditions', status, hint })
      })

      it('a missing bucket is not-found, by its name', async () => {
        const store = openStore(server, 's3://no-such-bucket', way)
        const expected = { code: 'not-found', message: expect.stringContaining('no bucket "no-such-bucket"') }
        const asks = [
          () => store.isfile('a'),
          () => store.exists('a'),
          () => store.stat('a'),
          () => store.listdir(''),
          () => collect(store.walk('')),
          () => collect(store.entries('')),
          () => store.glob('**'),
          () => store.glob('*.txt'),
          () => store.read('a'),
          () => store.write('a', 'x'),
          () => store.copyfile('a', 'b'),
          () => store.remove('a'),
        ]
        for (const ask of asks) await expect(ask()).rejects.toMatchObject(expected)
        const [check, ...rest] = await verify(await store.openDriver())
        expect(check).toMatchObject({ status: 'failed', message: expect.stringContaining('no bucket') })
        expect(rest).toEqual([])
        await store.dispose()
      })

      if (name === 'fauxqs') return

      it('lists unfinished uploads of its root, and aborts them', async () => {
        const other = await openDriver(server, `s3://${bucket}/root-2`, checked)
        const [mine, theirs] = [await driver.multipart?.('a/b', {}), await other.multipart?.('a/b', {})]
        const found = await unfinished(driver)
        expect(found.map(({ key }) => key)).toEqual(['a/b'])
        expect(Math.abs((found[0]?.startedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
        await found[0]?.abort({})
        await found[0]?.abort({})
        expect(await unfinished(driver)).toEqual([])
        expect(await unfinished(other)).toHaveLength(1)
        await theirs?.abort()
        await mine?.abort()
        await other.dispose?.()
      })

      it('a wrong region is told, and which is right', async () => {
        const store = openStore(server, `s3://${bucket}`, { ...way, region: 'eu-west-1' })
        for (const ask of [() => store.read('a'), () => store.exists('a'), () => store.write('a', 'x')]) {
          await expect(ask()).rejects.toMatchObject({
            code: 'invalid-config',
            hint: expect.stringContaining('--region=us-east-1'),
          })
        }
        await store.dispose()
      })

      it('an access key that the server does not know is unauthenticated, and nothing is absent for it', async () => {
        const credentials = { ...server.credentials, accessKeyId: 'nobody' }
        const store = openStore({ ...server, credentials }, `s3://${bucket}`, way)
        for (const ask of [() => store.read('a'), () => store.exists('a'), () => store.write('a', 'x')]) {
          await expect(ask()).rejects.toMatchObject({ code: 'unauthenticated' })
        }
        await store.dispose()
      })

      it('a wrong secret is unauthenticated, also where the answer has no body', async () => {
        const store = openStore(server, `s3://${bucket}`, { ...way, secret: 'wrong' })
        await expect(store.read('a')).rejects.toMatchObject({ code: 'unauthenticated' })
        await expect(store.exists('a')).rejects.toMatchObject({ code: 'unauthenticated' })
        await store.dispose()
      })
    }),
  )
}

async function unfinished(driver: ArtifactStoreDriver) {
  const found = []
  for await (const upload of driver.unfinishedUploads?.({}) ?? []) found.push(upload)
  return found
}

async function verify(driver: ArtifactStoreDriver): Promise<VerifyCheck[]> {
  const checks: VerifyCheck[] = []
  for await (const check of driver.verify?.({}) ?? []) checks.push(check)
  return checks
}
