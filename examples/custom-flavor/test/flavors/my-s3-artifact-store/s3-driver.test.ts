import { isStackError, type PutOptions } from '@stack/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { S3Driver } from '../../../flavors/my-s3-artifact-store/s3-driver.js'
import { type S3Server, startS3Server } from '../../s3-server.js'

let server: S3Server
let driver: S3Driver
let bucket = 0

beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  bucket += 1
  await server.createBucket(`bucket-${bucket}`)
  driver = driverOn(`bucket-${bucket}`)
})

it('keeps its objects below the prefix, byte for byte', async () => {
  await put('a/b c+é', 'hello', { contentType: 'text/x', metadata: { author: 'Ünal' } })
  expect(await server.keys(`bucket-${bucket}`)).toEqual(['some/prefix/a/b c+é'])
  expect(await text('a/b c+é')).toBe('hello')
  expect(await driver.head('a/b c+é', {})).toMatchObject({
    key: 'a/b c+é',
    kind: 'file',
    size: 5,
    contentType: 'text/x',
    metadata: { author: 'Ünal' },
  })
})

it('answers null for what is absent, and not-found for a bucket that is', async () => {
  expect(await driver.head('none', {})).toBeNull()
  expect(await code(driver.get('none', {}))).toBe('not-found')
  expect(await code(driverOn('no-such-bucket').put('a', { kind: 'bytes', bytes: Buffer.from('x') }, {}))).toBe(
    'not-found',
  )
})

it('reads ranges, the end clamped, and the whole of an empty object', async () => {
  await put('a', 'hello world')
  const { body, range } = await driver.get('a', { range: { start: 6, end: 100 } })
  expect([await new Response(body()).text(), range]).toEqual(['world', { start: 6, end: 11 }])
  expect(await text('a', { suffix: 3 })).toBe('rld')
  expect(await code(driver.get('a', { range: { start: 11 } }))).toBe('range-not-satisfiable')
  await put('empty', '')
  expect(await text('empty', { start: 0 })).toBe('')
  expect(await text('empty', { suffix: 3 })).toBe('')
})

it('writes streams of known and of unknown length, and files', async () => {
  async function* chunks() {
    yield Buffer.from('hello ')
    yield Buffer.from('world')
  }
  expect(await driver.put('known', { kind: 'stream', chunks: chunks(), size: 11 }, {})).toMatchObject({ size: 11 })
  expect(await driver.put('unknown', { kind: 'stream', chunks: chunks() }, {})).toMatchObject({ size: 11 })
  expect([await text('known'), await text('unknown')]).toEqual(['hello world', 'hello world'])
})

it('lists one level or all, siblings of a prefix apart, in byte order', async () => {
  for (const key of ['dir/z', 'dir/sub/x', 'dir/sub-2', 'dir-2/a', 'dir.txt']) await put(key, '')
  expect(await listed('dir', { delimiter: '/' })).toEqual(['dir/sub-2', 'dir/sub/', 'dir/z'])
  expect(await listed('dir', {})).toEqual(['dir/sub-2', 'dir/sub/x', 'dir/z'])
  expect(await listed('', { delimiter: '/' })).toEqual(['dir-2/', 'dir.txt', 'dir/'])
  expect(await listed('absent', {})).toEqual([])
})

it('lists more than one page, complete and without doubles', async () => {
  const keys = Array.from({ length: 1001 }, (_, number) => `many/${String(number).padStart(5, '0')}`)
  for (let start = 0; start < keys.length; start += 50) {
    await Promise.all(keys.slice(start, start + 50).map((key) => put(key, '')))
  }
  expect(await listed('many', {})).toEqual(keys)
  expect((await driver.delete(keys, {})).failed).toEqual([])
  expect(await listed('many', {})).toEqual([])
})

it('copies, and does not overwrite where it must not', async () => {
  await put('a b', 'one')
  await driver.copy('a b', 'c/d', {})
  expect(await text('c/d')).toBe('one')
  expect(await code(driver.copy('none', 'x', {}))).toBe('not-found')
  expect(await code(driver.copy('a b', 'c/d', { ifAbsent: true }))).toBe('already-exists')
})

describe('conditional writes', () => {
  it('are looked at first where the server ignores conditions, and promised to nobody', async () => {
    expect(driver.capabilities).toMatchObject({ conditionalCreate: false, conditionalUpdate: false })
    await put('a', 'one')
    expect(await code(put('a', 'two', { ifAbsent: true }))).toBe('already-exists')
    expect(await code(put('a', 'two', { ifMatch: '"stale"' }))).toBe('precondition-failed')
    expect(await text('a')).toBe('one')
  })

  it('are promised where the config says that the server honours them', () => {
    expect(driverOn('any', true).capabilities).toMatchObject({ conditionalCreate: true, conditionalUpdate: true })
  })
})

it('rejects with the reason of an abort', async () => {
  const reason = new Error('enough')
  await expect(driver.head('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

it('says that a server cannot be reached', async () => {
  await using closed = await startS3Server()
  await closed[Symbol.asyncDispose]()
  expect(await code(new S3Driver(closed.client, place('any')).head('a', {}))).toBe('unavailable')
})

function driverOn(name: string, conditionalWrites = false): S3Driver {
  return new S3Driver(server.client, { ...place(name), conditionalWrites })
}

function place(name: string) {
  return { bucket: name, prefix: 'some/prefix/', conditionalWrites: false, writeParameters: {} }
}

function put(key: string, content: string, options: PutOptions = {}) {
  return driver.put(key, { kind: 'bytes', bytes: Buffer.from(content) }, options)
}

async function text(key: string, range?: Parameters<S3Driver['get']>[1]['range']): Promise<string> {
  const { body } = await driver.get(key, { range })
  return new Response(body()).text()
}

async function listed(prefix: string, options: Parameters<S3Driver['list']>[1]): Promise<string[]> {
  const keys: string[] = []
  for await (const page of driver.list(prefix, options)) {
    keys.push(...page.entries.map((entry) => (entry.kind === 'directory' ? `${entry.key}/` : entry.key)))
  }
  return keys
}

async function code(operation: Promise<unknown>): Promise<string | undefined> {
  try {
    await operation
    return undefined
  } catch (error) {
    return isStackError(error) ? error.code : String(error)
  }
}
