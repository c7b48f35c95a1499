/** What the GCS store does beyond the kit: conditions, copies, packed objects, names, `verify`, and bad input. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { isStackError } from '@stack/core'
import { collect } from '@stack/test-servers'
import { startFaultProxy } from '@stack/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findEndpoint } from '../../src/artifact-store/client.js'
import { gcsArtifactStoreConfig } from '../../src/artifact-store/config.js'
import type { GcsArtifactStore } from '../../src/artifact-store/gcs-artifact-store.js'
import type { Bucket } from '../gcs-server/bucket.js'
import { GcsServer } from '../gcs-server/gcs-server.js'
import { RequestError } from '../gcs-server/request-error.js'
import { serviceAccount } from '../gcs-server/service-account.js'
import { makeStore } from './gcs-store.js'

let server: GcsServer
let bucket: Bucket
let store: GcsArtifactStore
beforeAll(async () => {
  server = await GcsServer.start({ rewrittenAtOnce: 1000, pageSize: 3 })
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  server.tokens.clear()
  server.denied.clear()
  server.log.length = 0
  bucket = server.createBucket()
  store = makeStore({ path: `gs://${bucket.name}`, endpoint: server.endpoint })
})

/** What a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`Expected a failure, but got ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  )
}

/** Everything that an error says, in any of its parts. */
function allWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = isStackError(error) ? JSON.stringify([error.hint, error.details, error.problems]) : ''
  return `${error.stack} ${error.message} ${own} ${JSON.stringify(error)} ${error.cause === undefined ? '' : allWords(error.cause)}`
}

describe('objects', () => {
  it('a copy that takes several calls keeps content type, encoding and metadata, and no mark of its own shows', async () => {
    bucket.write(
      { name: 'a', contentType: 'text/x', contentEncoding: 'identity', cacheControl: 'no-store', metadata: { k: 'v' } },
      Buffer.alloc(3500, 'x'),
      {},
    )
    await store.copyfile('a', 'b')
    await store.copyfile('a', 'c', { overwrite: true })
    for (const name of ['b', 'c']) {
      expect(bucket.find(name)).toMatchObject({ contentType: 'text/x', cacheControl: 'no-store' })
      expect(await store.stat(name)).toMatchObject({ size: 3500, contentType: 'text/x', metadata: { k: 'v' } })
    }
    expect(server.log.filter((line) => line.includes('rewriteToken=')).length).toBe(6)
  })

  it('a packed object is read as it is stored, whole and by range', async () => {
    const packed = gzipSync('hello '.repeat(1000))
    bucket.write({ name: 'a.gz', contentType: 'text/plain', contentEncoding: 'gzip' }, packed, {})
    expect(Buffer.from(await store.read('a.gz')).equals(packed)).toBe(true)
    expect(gunzipSync(await store.read('a.gz')).toString()).toMatch(/^hello /)
    expect(Buffer.from(await store.read('a.gz', { range: { start: 3, end: 9 } })).equals(packed.subarray(3, 9))).toBe(
      true,
    )
  })

  it('a stat tells the generation as version, and the CRC32C', async () => {
    const { version } = await store.write('a', '123456789')
    expect(version).toMatch(/^\d{10,}$/)
    expect(await store.stat('a')).toMatchObject({ version, checksum: 'crc32c:4waSgw==' })
  })

  it('listings go over many pages, and ask for names alone where names are enough', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `n${index}`)
    await Promise.all(names.map((name) => store.write(`dir/${name}`, name)))
    expect(await store.listdir('dir')).toEqual(names)
    expect(server.log.filter((line) => line.includes('pageToken')).length).toBe(3)
    expect(decodeURIComponent(server.log.at(-1) ?? '')).toContain('items(name)')
  })

  it('a requester pays where the config says who', async () => {
    const path = `gs://${bucket.name}`
    const paying = makeStore({ path, endpoint: server.endpoint, userProject: 'payer' })
    await paying.write('a', Buffer.alloc(600_000), { partSize: 262_144 })
    await paying.copyfile('a', 'b')
    await paying.read('b')
    await paying.rmtree('', { root: true })
    const sessions = server.log.filter((line) => line.includes('upload_id'))
    expect(server.log.filter((line) => !line.includes('userProject=payer'))).toEqual(sessions)
  })

  it('what is written is encrypted with the key of the config', async () => {
    const kmsKeyName = 'projects/p/locations/l/keyRings/r/cryptoKeys/k'
    const encrypted = makeStore({ path: `gs://${bucket.name}`, endpoint: server.endpoint, kmsKeyName })
    await encrypted.write('a', 'x')
    await encrypted.copyfile('a', 'b')
    const writes = server.log.filter((line) => line.startsWith('POST')).map(decodeURIComponent)
    expect(
      writes.every((line) => line.includes(`KeyName=${kmsKeyName}`) || line.includes(`kmsKeyName=${kmsKeyName}`)),
    ).toBe(true)
  })
})

describe('names', () => {
  it('of 1,024 bytes round trip, the prefix counted, and of 1,025 are refused', async () => {
    const below = makeStore({ path: `gs://${bucket.name}/prefix`, endpoint: server.endpoint })
    const name = [...Array.from({ length: 4 }, () => 'é'.repeat(125)), 'abcdefghijklm'].join('/')
    expect(Buffer.byteLength(`prefix/${name}`)).toBe(1024)
    await below.write(name, 'x')
    expect(await below.glob('**/*m')).toEqual([name])
    await expect(below.write(`${name}y`, 'x')).rejects.toMatchObject({ code: 'invalid-path' })
  })

  it.each(['a\rb', 'a\nb', '.well-known/acme-challenge/token'])(
    '%j is refused before anything is sent',
    async (name) => {
      await expect(store.write(name, 'x')).rejects.toMatchObject({ code: 'invalid-path' })
      expect(server.log).toEqual([])
    },
  )
})

describe('verify', () => {
  it('finds a server that keeps its promises, tells of uploads that nobody can list, and leaves nothing', async () => {
    const { checks } = await store.verify()
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['conditional-create', 'conditional-copy', 'checksums', 'unfinished-uploads']),
    )
    expect(checks.find(({ name }) => name === 'unfinished-uploads')?.message).toContain('week')
    expect(bucket.objects.size).toBe(0)
    expect(server.sessions.open).toBe(0)
  })

  it('fails where writing is not permitted', async () => {
    server.denied.add('create')
    const { checks } = await store.verify()
    expect(checks.find(({ name }) => name === 'write')).toMatchObject({ status: 'failed' })
  })
})

describe('permissions', () => {
  it('a missing bucket is not-found by its name, and no object in it is absent', async () => {
    const nowhere = makeStore({ path: 'gs://no-such-bucket', endpoint: server.endpoint })
    const asks = [
      () => nowhere.listdir(''),
      () => collect(nowhere.walk('')),
      () => nowhere.glob('**'),
      () => nowhere.glob('*.txt'),
      () => nowhere.exists('a'),
      () => nowhere.isfile('a'),
      () => nowhere.stat('a'),
      () => nowhere.copyfile('a', 'b'),
      () => nowhere.remove('a'),
      () => nowhere.write('a', 'x'),
      () => nowhere.read('a'),
    ]
    for (const ask of asks) {
      expect(await failure(ask())).toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('no bucket "no-such-bucket"'),
      })
    }
  })

  it('403 is permission-denied, never absent', async () => {
    server.denied.add('list')
    await expect(store.listdir('')).rejects.toMatchObject({ code: 'permission-denied' })
    await expect(store.exists('a')).rejects.toMatchObject({ code: 'permission-denied' })
    server.denied.add('get').add('delete').add('create')
    for (const ask of [() => store.read('a'), () => store.write('a', 'x'), () => store.stat('a')]) {
      expect(await failure(ask())).toMatchObject({
        code: 'permission-denied',
        hint: expect.stringContaining(bucket.name),
      })
    }
  })
})

describe('credentials', () => {
  it.each(['no JSON, but s3cr3t', '{"private_key":"s3cr3t"', '["s3cr3t"]', '{"private_key":"s3cr3t"}'])(
    'that are no key (%j) are invalid-config, and are not shown',
    async (text) => {
      const error = await failure(makeStore({ path: 'gs://b', endpoint: server.endpoint }, text).read('a'))
      expect(error).toMatchObject({ code: 'invalid-config' })
      expect(allWords(error)).not.toContain('s3cr3t')
    },
  )

  it('whose private key is damaged are unauthenticated, and are not shown', async () => {
    const damaged = JSON.stringify({ ...JSON.parse(serviceAccount), private_key: 'BEGIN s3cr3t' })
    const error = await failure(makeStore({ path: 'gs://b', endpoint: server.endpoint }, damaged).read('a'))
    expect(error).toMatchObject({ code: 'unauthenticated' })
    expect(allWords(error)).not.toContain('s3cr3t')
  })

  it('in a file are read from the root of the project; a file that is missing is told by its path', async () => {
    const missing = makeStore({ path: 'gs://b', endpoint: server.endpoint, keyFile: 'keys/none.json' })
    expect(await failure(missing.read('a'))).toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('"/keys/none.json" cannot be read (ENOENT)'),
    })
    const directory = await mkdtemp(join(tmpdir(), 'stack-gcs-'))
    try {
      const keyFile = join(directory, 'key.json')
      await writeFile(keyFile, serviceAccount)
      const keyed = makeStore({ path: 'gs://b', endpoint: server.endpoint, keyFile })
      expect((await keyed.capabilities()).presign).toBe(true)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('twice are invalid-config', async () => {
    const twice = makeStore({ path: 'gs://b', endpoint: server.endpoint, keyFile: 'key.json' }, serviceAccount)
    await expect(twice.read('a')).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('that the server does not know are unauthenticated after one more token, in words without the token', async () => {
    server.tokens.add('only-this')
    const error = await failure(
      makeStore({ path: `gs://${bucket.name}`, endpoint: server.endpoint }, serviceAccount).read('a'),
    )
    expect(error).toMatchObject({ code: 'unauthenticated', hint: expect.stringContaining('keyFile') })
    expect(allWords(error)).not.toMatch(/Bearer|eyJ/)
    expect(server.log).toHaveLength(2)
  })

  it('none at all are unauthenticated where the server wants some', async () => {
    server.tokens.add('only-this')
    await expect(store.read('a')).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('a token that expired is replaced, once for all requests under way', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'stack-gcs-'))
    let issued = 0
    server.issueToken = () => {
      issued += 1
      server.tokens.clear()
      server.tokens.add(`token-${issued}`)
      return `token-${issued}`
    }
    try {
      const file = join(directory, 'subject')
      await writeFile(file, 'subject')
      const federated = makeStore({ path: `gs://${bucket.name}`, endpoint: server.endpoint }, federation(server, file))
      await federated.write('a', 'x')
      expect(issued).toBe(1)
      server.tokens.clear()
      server.tokens.add('revoked')
      expect(await Promise.all([1, 2, 3, 4].map(() => federated.readText('a')))).toEqual(['x', 'x', 'x', 'x'])
      expect(issued).toBe(2)
      expect((await federated.capabilities()).presign).toBe(false)
      await expect(federated.presign('a', { method: 'GET', expiresIn: 60 })).rejects.toMatchObject({
        code: 'unsupported',
      })
    } finally {
      server.issueToken = undefined
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('that get no token are unauthenticated, in words without what was sent', async () => {
    server.issueToken = () => {
      throw new RequestError(400, 'invalid_grant', 'Not a valid subject token.')
    }
    const directory = await mkdtemp(join(tmpdir(), 'stack-gcs-'))
    try {
      const file = join(directory, 'subject')
      await writeFile(file, 's3cr3t')
      const path = `gs://${bucket.name}`
      const error = await failure(makeStore({ path, endpoint: server.endpoint }, federation(server, file)).read('a'))
      expect(error).toMatchObject({ code: 'unauthenticated' })
      expect(allWords(error)).not.toContain('s3cr3t')
    } finally {
      server.issueToken = undefined
      await rm(directory, { recursive: true, force: true })
    }
  })
})

describe('the endpoint', () => {
  it('that nothing listens at is unavailable', async () => {
    const gone = await GcsServer.start()
    await gone[Symbol.asyncDispose]()
    const error = await failure(makeStore({ path: 'gs://b', endpoint: gone.endpoint }).read('a'))
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(gone.endpoint) })
  })

  it('is Google’s, the config’s or that of the variable, as the library reads it', () => {
    const find = (endpoint: string | undefined, variable: string | undefined, clientConfig = {}) =>
      findEndpoint({ endpoint, clientConfig }, variable)
    expect(find(undefined, undefined)).toEqual({ origin: 'https://storage.googleapis.com', google: true })
    expect(find(undefined, '')).toEqual({ origin: 'https://storage.googleapis.com', google: true })
    expect(find(undefined, 'http://127.0.0.1:1')).toEqual({ origin: 'http://127.0.0.1:1', google: false })
    expect(find(undefined, 'emulator:1')).toEqual({ origin: 'https://emulator:1', google: false })
    expect(find('http://a:2/', 'http://b')).toEqual({ origin: 'http://a:2', google: false })
    expect(find('https://storage-x.p.googleapis.com', undefined).google).toBe(true)
    expect(find('https://googleapis.com.evil.org', undefined).google).toBe(false)
    expect(find(undefined, undefined, { universeDomain: 'tpc.example' }).origin).toBe('https://storage.tpc.example')
    expect(() => find(undefined, 'http://:::')).toThrow('no URL')
  })

  it('of the variable is used', async () => {
    process.env.STORAGE_EMULATOR_HOST = server.endpoint
    try {
      const emulated = makeStore({ path: `gs://${bucket.name}` })
      await emulated.write('a', 'x')
      expect(bucket.objects.has('a')).toBe(true)
    } finally {
      delete process.env.STORAGE_EMULATOR_HOST
    }
  })

  it.each(['gs:/b', 's3://b', 'b', 'gs://', 'gs://b//c'])('no path of another scheme (%s) is taken', (path) => {
    expect(gcsArtifactStoreConfig.safeParse({ path }).success).toBe(false)
  })
})

it('a write whose answer was lost is recognised by its mark, which nobody sees', async () => {
  const proxy = await startFaultProxy({ target: server.endpoint, rate: 0.35, faults: ['lost'] })
  try {
    const lossy = makeStore({ path: `gs://${bucket.name}`, endpoint: proxy.url })
    for (let index = 0; index < 10; index += 1) {
      const { version } = await lossy.write(`n${index}`, 'x', { ifAbsent: true, metadata: { user: 'kept' } })
      await lossy.write(`n${index}`, 'y', { ifMatch: version ?? '' })
      await lossy.copyfile(`n${index}`, `copy${index}`)
    }
    expect(proxy.counts.lost).toBeGreaterThan(5)
    expect((await store.stat('copy9')).metadata).toEqual({})
    await expect(store.write('n1', 'z', { ifAbsent: true })).rejects.toMatchObject({ code: 'already-exists' })
  } finally {
    await proxy[Symbol.asyncDispose]()
  }
})

/** Credentials whose tokens the server of the test issues. */
function federation({ endpoint }: GcsServer, file: string): string {
  return JSON.stringify({
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${endpoint}/token`,
    credential_source: { file },
  })
}
