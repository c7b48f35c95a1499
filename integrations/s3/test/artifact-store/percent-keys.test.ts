/** Keys with percent signs, which some servers decode once more than they should. */
import { describeOnServer } from '@stack/test-servers'
import { expect, it, vi } from 'vitest'
import { openStore } from './open-store.js'
import { startStub } from './stub-server.js'

vi.setConfig({ testTimeout: 120_000 })

const keys = ['x%41', 'p%^q', 'a%20b', '%', '50%', 'a+b c', '%2F%2e%2e', 'd%zz/e%41', '%25']

for (const name of ['fauxqs', 'versitygw', 'minio', 'ceph-rgw'] as const) {
  await describeOnServer('keys with percent signs', name, (server) => {
    it('are copied and renamed as they are, with a condition and without, and never for one another', async () => {
      const store = openStore(server(), `s3://${await server().createBucket()}/p%25`)
      await store.write('xA', 'another')
      for (const key of keys) {
        await store.write(key, key, { contentType: 'text/x', metadata: { of: key } })
        await store.copyfile(key, `copy/${key}`)
        await expect(store.copyfile('xA', `copy/${key}`)).rejects.toMatchObject({ code: 'already-exists' })
        await store.copyfile(key, `over/${key}`, { overwrite: true })
        await store.rename(`copy/${key}`, `renamed/${key}`)
        for (const directory of ['over', 'renamed']) {
          expect(await store.readText(`${directory}/${key}`)).toBe(key)
          expect(await store.stat(`${directory}/${key}`)).toMatchObject({
            contentType: 'text/x',
            metadata: { of: key },
          })
        }
      }
      expect(await store.exists('copy')).toBe(false)
      // The server is still there.
      expect(await store.readText('xA')).toBe('another')
      await store.dispose()
    })
  })
}

it('a large object is relayed in parts, under the condition, and of one version', async () => {
  const bytes = Buffer.alloc(20 * 1024 ** 2, 'x')
  const headers = { etag: '"1"', 'content-type': 'text/x' }
  const stub = await startStub(({ method, url, headers: { range } }) => {
    if (url.includes('copy')) {
      if (method === 'POST' && url.includes('uploads')) {
        return { body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>' }
      }
      if (method === 'POST') {
        return { body: '<CompleteMultipartUploadResult><ETag>"2"</ETag></CompleteMultipartUploadResult>' }
      }
      return method === 'PUT' ? { headers: { etag: '"p"' } } : { status: 404 }
    }
    if (range === undefined) return { headers: { ...headers, 'content-length': String(bytes.length) }, body: bytes }
    const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
    const contentRange = `bytes ${start}-${last}/${bytes.length}`
    return {
      status: 206,
      headers: { ...headers, 'content-range': contentRange },
      body: bytes.subarray(Number(start), Number(last) + 1),
    }
  })
  const store = openStore(stub, 's3://bucket')
  await store.copyfile('x%41', 'copy')
  const sent = stub.requests.filter(({ method, url }) => method === 'PUT' && url.includes('copy'))
  expect(sent.map(({ body }) => body.length)).toEqual([16 * 1024 ** 2, 4 * 1024 ** 2])
  expect(stub.requests.filter((request) => request.headers['x-amz-copy-source'] !== undefined)).toEqual([])
  const reads = stub.requests.filter(({ method, url }) => method === 'GET' && url.includes('%2541'))
  expect(reads.map((request) => request.headers['if-match'])).toEqual(['"1"', '"1"'])
  const completion = stub.requests.find(({ method, url }) => method === 'POST' && url.includes('uploadId'))
  expect(completion?.headers['if-none-match']).toBe('*')
  await store.dispose()
  await stub[Symbol.asyncDispose]()
})
