/** Pipes, sockets and devices in a store of this machine: in no listing, refused by name, and never waited for. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'

/** A store with a pipe and a socket beside a file. */
async function storeWithSpecialFiles() {
  const root = newDirectory()
  const store = localStore(root)
  await store.write('dir/file', 'x')
  execFileSync('mkfifo', [join(root, 'dir/pipe')])
  symlinkSync('pipe', join(root, 'dir/link'))
  const server = createServer().listen(join(root, 'dir/socket'))
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { store, root }
}

test('are in no listing, walk or glob, and verify counts them', async () => {
  const { store } = await storeWithSpecialFiles()
  expect(await store.listdir('dir')).toEqual(['file'])
  const entries = []
  for await (const { name } of store.entries('dir')) entries.push(name)
  expect(entries).toEqual(['file'])
  const walked = []
  for await (const { path, files } of store.walk('')) walked.push([path, files])
  expect(walked).toEqual([
    ['', []],
    ['dir', ['file']],
  ])
  expect(await store.glob('**')).toEqual(['dir', 'dir/file'])
  const { checks } = await store.verify()
  expect(checks.find(({ name }) => name === 'hidden-keys')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('3 keys'),
  })
})

test('are unsupported to every verb that names one, and stay', async () => {
  const { store, root } = await storeWithSpecialFiles()
  const refused = { code: 'unsupported', message: expect.stringContaining('a pipe, a socket or a device') }
  for (const path of ['dir/pipe', 'dir/socket', 'dir/link']) {
    for (const verb of ['stat', 'exists', 'isfile', 'isdir', 'size', 'remove', 'mkdir'] as const) {
      await expect(store[verb](path), verb).rejects.toMatchObject(refused)
    }
    await expect(store.copyfile(path, 'copy')).rejects.toMatchObject(refused)
    await expect(store.rename(path, 'moved')).rejects.toMatchObject(refused)
    await expect(store.read(path)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(store.listdir(path)).rejects.toMatchObject({ code: 'unsupported' })
    for (const options of [{}, { overwrite: true }]) {
      await expect(store.rename('dir/file', path, options)).rejects.toMatchObject(refused)
    }
  }
  for (const path of ['dir/pipe', 'dir/socket']) {
    await expect(store.write(path, 'x')).rejects.toMatchObject(refused)
    await expect(store.write(path, 'x', { ifAbsent: true })).rejects.toMatchObject(refused)
    await expect(store.copyfile('dir/file', path, { overwrite: true })).rejects.toMatchObject(refused)
    await expect(store.rmtree(path)).rejects.toMatchObject(refused)
    expect(existsSync(join(root, path))).toBe(true)
  }
  expect(await store.readText('dir/file')).toBe('x')
})

test('go with their directory when it is renamed or removed', async () => {
  const { store, root } = await storeWithSpecialFiles()
  await store.rename('dir', 'moved')
  expect(existsSync(join(root, 'moved/pipe'))).toBe(true)
  await store.rmtree('moved')
  expect(existsSync(join(root, 'moved'))).toBe(false)
})

test('names that no path can hold are hidden, counted by verify and removed with their directory', async () => {
  const root = newDirectory()
  const store = localStore(root)
  const deep = Array.from({ length: 6 }, (_, index) => `${index}`.repeat(200)).join('/')
  mkdirSync(join(root, 'dir', deep), { recursive: true })
  writeFileSync(join(root, 'dir', deep, 'file'), '')
  if (process.platform === 'linux') writeFileSync(Buffer.concat([Buffer.from(`${root}/dir/`), Buffer.from([0xff])]), '')
  mkdirSync(join(root, 'dir/.stack-tmp'))
  symlinkSync('/etc', join(root, 'dir/exit'))
  await store.write('dir/kept', 'x')
  const paths = []
  for await (const { path, directories, files } of store.walk('')) {
    paths.push(path)
    for (const name of [...directories, ...files])
      expect(await store.exists(path === '' ? name : `${path}/${name}`)).toBe(true)
  }
  // Five names of 200 bytes and their slashes are more than 1,024 bytes with that of the directory.
  expect(paths).toHaveLength(2 + 5)
  expect(await store.glob('dir/*')).toEqual([`dir/${'0'.repeat(200)}`, 'dir/kept'])
  const { checks } = await store.verify()
  const hidden = process.platform === 'linux' ? 5 : 4
  expect(checks.find(({ name }) => name === 'hidden-keys')?.message).toContain(`${hidden} keys`)
  await store.rmtree('dir')
  expect(await store.listdir('')).toEqual([])
})

test.skipIf(!existsSync('/proc/self'))(
  `a root where no directory can be made is not tried for ever${existsSync('/proc/self') ? '' : ' (skipped here: there is no /proc)'}`,
  async () => {
    const store = localStore('/proc/none/store')
    await expect(store.write('file', 'x')).rejects.toMatchObject({ code: 'not-found' })
    const { checks } = await store.verify()
    expect(checks[0]).toMatchObject({ name: 'write', status: 'failed' })
  },
)
