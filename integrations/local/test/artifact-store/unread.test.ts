/** What waits, or is no file, holds no descriptor and nothing up. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'

/** The descriptors of this process. */
const countDescriptors = (): number => readdirSync('/proc/self/fd').length
const hasProc = existsSync('/proc/self/fd')

describe.runIf(hasProc)('descriptors', () => {
  test('10,000 unread streams and 200 writers without a chunk hold none', async () => {
    const store = localStore(newDirectory())
    await store.write('small', 'x')
    await store.write('large', new Uint8Array(3_000_000))
    const before = countDescriptors()
    const streams = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => store.stream(index % 2 === 0 ? 'small' : 'large')),
    )
    const writers = await Promise.all(Array.from({ length: 200 }, (_, index) => store.writer(`new/${index}`)))
    // Time for the writers' sources to be waited for.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(countDescriptors()).toBe(before)
    await Promise.all(writers.map((writer) => writer.abort()))
    await Promise.all(streams.map((stream) => stream.cancel()))
    expect(await store.listdir('')).toEqual(['large', 'small'])
  })
})

describe('a pipe in the root', () => {
  test('is neither read, copied, downloaded nor listed: nothing waits for a writer that never comes', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('file', 'content')
    execFileSync('mkfifo', [join(root, 'pipe')])
    const refused = { code: 'unsupported' }
    await expect(store.read('pipe')).rejects.toMatchObject(refused)
    await expect(store.readInto('pipe', new Uint8Array(1))).rejects.toMatchObject(refused)
    await expect((await store.stream('pipe')).getReader().read()).rejects.toMatchObject(refused)
    await expect(store.copyfile('pipe', 'copy')).rejects.toMatchObject(refused)
    await expect(store.download('pipe', join(newDirectory(), 'out'))).rejects.toMatchObject(refused)
    expect(await store.listdir('')).toEqual(['file'])
  })
})

test('a create that is aborted at any moment exists where it resolved, and only there', async () => {
  const root = newDirectory()
  const store = localStore(root)
  const outcomes = { resolved: 0, rejected: 0 }
  for (let turns = 0; turns < 120; turns += 1) {
    const controller = new AbortController()
    const writing = store.write(`object-${turns}`, 'content', { ifAbsent: true, signal: controller.signal })
    const settled = writing.then(
      () => 'resolved' as const,
      () => 'rejected' as const,
    )
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    const outcome = await settled
    outcomes[outcome] += 1
    expect(existsSync(join(root, `object-${turns}`)), `after ${turns} turns`).toBe(outcome === 'resolved')
  }
  expect(outcomes.rejected).toBeGreaterThan(0)
})

test('a file of the store that is changed while it is copied is not copied as a mix', async () => {
  const root = newDirectory()
  const store = localStore(root)
  writeFileSync(join(root, 'grows'), 'a'.repeat(500))
  const copying = store.copyfile('grows', 'copy')
  writeFileSync(join(root, 'grows'), 'b'.repeat(700))
  const outcome = await copying.then(
    () => store.readText('copy'),
    (error: { code: string }) => error.code,
  )
  expect(['a'.repeat(500), 'b'.repeat(700), 'precondition-failed']).toContain(outcome)
})
