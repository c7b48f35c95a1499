/** Files in and out of the local store, and what writers that were killed leave. */
import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'
import { startChild } from './run-child.js'

const large = Buffer.alloc(3_000_000, 'large')

describe('download', () => {
  test.each([
    ['small', Buffer.from('x')],
    ['empty', Buffer.alloc(0)],
    ['large', large],
  ])('gives a %s file whole, and nothing beside it', async (name, content) => {
    const store = localStore(newDirectory())
    const { version } = await store.write(name, content)
    const directory = newDirectory()
    const file = join(directory, 'file')
    writeFileSync(file, 'what was there')
    expect(await store.download(name, file)).toEqual({ size: content.length, version })
    expect(content.equals(readFileSync(file))).toBe(true)
    expect(await store.download(name, file, { ifMatch: version })).toEqual({ size: content.length, version })
    await expect(store.download(name, file, { ifMatch: 'stale' })).rejects.toMatchObject({
      code: 'precondition-failed',
    })
    expect(readdirSync(directory)).toEqual(['file'])
    appendFileSync(file, 'more')
    expect(content.equals(await store.read(name))).toBe(true)
  })

  test('tells what is absent, what is a directory, and a place that cannot be written', async () => {
    const store = localStore(newDirectory())
    await store.write('dir/object', 'x')
    const directory = newDirectory()
    const file = join(directory, 'file')
    await expect(store.download('gone', file)).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.download('dir', file)).rejects.toMatchObject({ code: 'is-a-directory' })
    await expect(store.download('dir/object', join(directory, 'no/file'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('its directory does not exist'),
    })
    expect(readdirSync(directory)).toEqual([])
  })

  test('notices a flipped byte by the checksum of the caller, and keeps the file that was there', async () => {
    const store = localStore(newDirectory())
    await store.write('object', large)
    const file = join(newDirectory(), 'file')
    writeFileSync(file, 'old')
    const checksum = `sha256:${'0'.repeat(64)}`
    await expect(store.download('object', file, { checksum })).rejects.toMatchObject({ code: 'checksum-mismatch' })
    expect(readFileSync(file, 'utf8')).toBe('old')
  })

  test('gives ranges', async () => {
    const store = localStore(newDirectory())
    await store.write('object', large)
    const file = join(newDirectory(), 'file')
    await store.download('object', file, { range: { start: 5, end: 2_000_000 } })
    expect(large.subarray(5, 2_000_000).equals(readFileSync(file))).toBe(true)
  })
})

describe('upload', () => {
  test('of a file that is cut or grows meanwhile is precondition-failed, and ends', async () => {
    const store = localStore(newDirectory())
    await store.write('object', 'old')
    const file = join(newDirectory(), 'file')
    for (const change of [() => truncateSync(file, 5), () => appendFileSync(file, 'more')]) {
      for (let attempt = 0; attempt < 10; attempt += 1) {
        writeFileSync(file, large)
        const writing = store.upload(file, 'object').then(
          ({ size }) => size,
          (error: { code: string }) => error.code,
        )
        await new Promise((resolve) => setTimeout(resolve, attempt / 3))
        change()
        const expected = ['precondition-failed', large.length, 5, large.length + 4]
        expect(expected).toContain(await writing)
      }
    }
  })

  test('that is aborted in the middle of a file leaves the target, and no temporary', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('object', 'old')
    const file = join(newDirectory(), 'file')
    writeFileSync(file, '')
    truncateSync(file, 4_000_000_000)
    const controller = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 30)
    await expect(store.upload(file, 'object', { signal: controller.signal })).rejects.toBe(reason)
    expect(await store.readText('object')).toBe('old')
    expect(readdirSync(join(root, '.stack-tmp'))).toEqual([])
  })
})

describe('writer', () => {
  test('writes chunk by chunk, appends and creates', async () => {
    const root = newDirectory()
    const store = localStore(root)
    for (const [mode, content] of [
      ['x', 'one'],
      ['a', 'two'],
      ['a', 'three'],
    ] as const) {
      const writer = await store.open('dir/object', mode)
      for (const character of content) await writer.write(character)
      await writer.close()
    }
    expect(await text(await store.open('dir/object'))).toBe('onetwothree')
    const aborted = await store.open('dir/object', 'w')
    await aborted.write('four')
    await aborted.abort()
    expect(await store.readText('dir/object')).toBe('onetwothree')
    expect(readdirSync(join(root, '.stack-tmp'))).toEqual([])
  })
})

describe('verify', () => {
  test('finds a store good, warns that ifMatch is no lock between processes, and leaves nothing', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('object', 'x')
    const { checks, removedUploads } = await store.verify()
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['write', 'ok'],
      ['list', 'ok'],
      ['read', 'ok'],
      ['stat', 'ok'],
      ['conditional-create', 'ok'],
      ['conditional-update', 'warning'],
      ['delete', 'ok'],
      ['unfinished-uploads', 'ok'],
    ])
    expect(removedUploads).toEqual([])
    expect(readdirSync(root).sort()).toEqual(['.stack-tmp', 'object'])
    expect(readdirSync(join(root, '.stack-tmp'))).toEqual([])
  })

  test('removes what a killed writer left, and nothing that one who lives is writing', async () => {
    const root = newDirectory()
    const script = `
      async function* endless() {
        yield Buffer.alloc(100_000)
        console.log('in the middle')
        setInterval(() => {}, 1000)
        await new Promise(() => {})
      }
      await openStore(${JSON.stringify(root)}).write('object', endless())
    `
    const [killed, living] = [startChild(script), startChild(script)]
    await Promise.all([killed.printed('in the middle'), living.printed('in the middle')])
    const store = localStore(root)
    const own = await store.writer('own')
    await own.write('x')
    const temporaries = join(root, '.stack-tmp')
    expect(readdirSync(temporaries)).toHaveLength(3)
    killed.process.kill('SIGKILL')
    await killed.ended
    expect((await store.verify()).removedUploads).toEqual([])
    const { removedUploads } = await store.verify({ olderThanMs: 0 })
    expect(removedUploads).toEqual([expect.stringMatching(new RegExp(`^\\.stack-tmp/${killed.process.pid}-`))])
    expect(readdirSync(temporaries)).toHaveLength(2)
    await own.close()
    living.process.kill('SIGKILL')
    await living.ended
    expect((await store.verify({ olderThanMs: 0 })).removedUploads).toHaveLength(1)
    expect(readdirSync(temporaries)).toEqual([])
  })

  test('of a root that is a file tells it', async () => {
    const root = join(newDirectory(), 'file')
    writeFileSync(root, 'x')
    const { checks } = await localStore(root).verify()
    expect(checks[0]).toMatchObject({
      name: 'write',
      status: 'failed',
      message: expect.stringContaining('not-a-directory'),
    })
  })

  test('of a store that does not exist yet makes it', async () => {
    const root = join(newDirectory(), 'new')
    const { checks } = await localStore(root).verify()
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([])
    expect(existsSync(root)).toBe(true)
  })
})
