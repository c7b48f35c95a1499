/** Rows 32 and 35: disks and processes at their limits. */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'
import { startChild } from './run-child.js'

const superuser = process.getuid?.() === 0
/** Nobody: the superuser is denied nothing. */
const nobody = 65534

/** Runs a script as somebody whom permissions bind, and gives the codes it printed. */
async function asAnybody(script: string): Promise<string[]> {
  const { output } = await startChild(script, superuser ? { uid: nobody } : {}).ended
  return output.trim().split('\n')
}

const printCode = `const printCode = (operation) => operation.then(() => console.log('done'), (error) => console.log(error.code))`

describe('permissions', () => {
  test('a read-only directory is permission-denied, and what is in it stays readable', async () => {
    const root = newDirectory()
    await localStore(root).write('dir/file', 'x')
    if (superuser) for (const path of ['', 'dir', 'dir/file', '.stack-tmp']) chownSync(join(root, path), nobody, nobody)
    for (const path of ['.stack-tmp', 'dir', '']) chmodSync(join(root, path), 0o555)
    onTestFinished(() => chmodSync(root, 0o755))
    const codes = await asAnybody(`
      ${printCode}
      const store = openStore(${JSON.stringify(root)})
      await printCode(store.write('dir/new', 'x'))
      await printCode(store.write('dir/file', 'new'))
      await printCode(store.write('new/dir/file', 'x', { ifAbsent: true }))
      await printCode(store.remove('dir/file'))
      await printCode(store.rename('dir/file', 'dir/other'))
      await printCode(store.mkdir('made'))
      console.log(await store.readText('dir/file'), (await store.glob('**')).join())
    `)
    expect(codes).toEqual([...Array.from({ length: 6 }, () => 'permission-denied'), 'x dir,dir/file'])
  })

  test('exists without permission throws, and is never false', async () => {
    const root = newDirectory()
    await localStore(root).write('closed/file', 'x')
    if (superuser) chownSync(root, nobody, nobody)
    chmodSync(join(root, 'closed'), 0o000)
    onTestFinished(() => chmodSync(join(root, 'closed'), 0o755))
    const codes = await asAnybody(`
      ${printCode}
      const store = openStore(${JSON.stringify(root)})
      await printCode(store.exists('closed/file'))
      await printCode(store.read('closed/file'))
      await printCode(store.listdir('closed'))
    `)
    expect(codes).toEqual(['permission-denied', 'permission-denied', 'permission-denied'])
  })
})

describe('a full disk', () => {
  const permitted = isMountPermitted()
  const reason = permitted ? '' : ' (skipped here: mounting a small disk is not permitted)'
  if (reason !== '') console.info(`a full disk is no-space${reason}`)

  test.skipIf(!permitted)(`is no-space, and keeps what was there${reason}`, async () => {
    const small = mountSmallDisk()
    onTestFinished(() => unmount(small))
    const store = localStore(join(small, 'store'), { durable: true })
    await store.write('kept', 'old')
    const large = Buffer.alloc(2_000_000)
    const file = join(newDirectory(), 'large')
    writeFileSync(file, large)
    for (const source of [large, new Blob([large]), { file }]) {
      await expect(store.write('kept', source)).rejects.toMatchObject({ code: 'no-space' })
      await expect(store.write('new', source, { ifAbsent: true })).rejects.toMatchObject({ code: 'no-space' })
    }
    expect(await store.readText('kept')).toBe('old')
    expect(await store.glob('**')).toEqual(['kept'])
    await store.write('kept', 'new')
    expect(await store.readText('kept')).toBe('new')

    // The same disk as the place of a download, from a store elsewhere.
    const elsewhere = localStore(newDirectory())
    await elsewhere.write('large', large)
    const target = join(small, 'download')
    writeFileSync(target, 'old')
    for (const range of [undefined, { start: 0 }]) {
      const download = elsewhere.download('large', target, range === undefined ? {} : { range })
      await expect(download).rejects.toMatchObject({ code: 'no-space' })
    }
    expect(readFileSync(target, 'utf8')).toBe('old')
    expect(readdirSync(small).sort()).toEqual(['download', 'store'])
  })
})

describe('a process with few file descriptors', () => {
  test('queues what it cannot open: hundreds of large reads, streams and writes at once all succeed', async () => {
    const root = newDirectory()
    await localStore(root).write('large', Buffer.alloc(1_500_000, 'x'))
    const script = `
      const store = openStore(${JSON.stringify(root)})
      const length = async (stream) => { let sum = 0; for await (const chunk of stream) sum += chunk.length; return sum }
      const lengths = await Promise.all(Array.from({ length: 300 }, async (_, index) => {
        if (index % 3 === 0) return (await store.read('large')).length
        if (index % 3 === 1) return length(await store.stream('large'))
        const blob = new Blob([Buffer.alloc(1_500_000)])
        return (await store.write('w' + index, blob)).size
      }))
      console.log([...new Set(lengths)].join())
    `
    const { output, code } = await startChild(script, { shell: 'ulimit -n 128' }).ended
    expect({ output: output.trim(), code }).toEqual({ output: '1500000', code: 0 })
  })
})

test('a long run of reads leaves timers their turn', async () => {
  const store = localStore(newDirectory())
  await store.write('file', 'x')
  let fired = false
  setTimeout(() => {
    fired = true
  }, 10)
  const started = performance.now()
  while (!fired && performance.now() - started < 5000) await store.read('file')
  expect(fired).toBe(true)
})

function isMountPermitted(): boolean {
  try {
    unmount(mountSmallDisk())
    return true
  } catch {
    return false
  }
}

/** Mounts a disk of one megabyte in memory. */
function mountSmallDisk(): string {
  const path = join(newDirectory(), 'disk')
  mkdirSync(path)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
  return path
}

function unmount(path: string): void {
  execFileSync('umount', [path])
}
