import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { initProject } from '../../src/root/init-project.js'
import { openTestProject, temporaryDirectory } from '../temporary-project.js'

it('makes a git-ignored project with a default stack that is in order and active', async () => {
  const root = temporaryDirectory()
  expect(await initProject(root)).toEqual({ root, created: true })
  expect(readFileSync(join(root, '.stack/.gitignore'), 'utf8')).toBe('*\n')
  const project = await openTestProject(root)
  expect((await project.stacks.active()).stack).toEqual({
    id: 'default-stack',
    name: 'default',
    active: true,
    components: { orchestrator: ['default'], 'artifact-store': ['default'] },
    status: 'ok',
  })
})

it('changes nothing the second time', async () => {
  const root = temporaryDirectory()
  await initProject(root)
  const project = await openTestProject(root)
  await project.components.copy('artifact-store', 'default', 'mine')
  expect(await initProject(root)).toEqual({ root, created: false })
  expect(await project.components.list('artifact-store')).toHaveLength(2)
})

it('completes a .stack/ that has no database', async () => {
  const root = temporaryDirectory()
  mkdirSync(join(root, '.stack/artifacts'), { recursive: true })
  expect(await initProject(root)).toEqual({ root, created: true })
})

it('says so where a file is in the way', async () => {
  const root = temporaryDirectory()
  writeFileSync(join(root, '.stack'), 'mine')
  await expect(initProject(root)).rejects.toMatchObject({ code: 'not-a-directory' })
  expect(readFileSync(join(root, '.stack'), 'utf8')).toBe('mine')
})

it.skipIf(!existsSync('/proc/self'))(
  'says so where no directory can be made (skipped where there is no /proc)',
  async () => {
    await expect(initProject('/proc/none/none')).rejects.toMatchObject({ code: 'not-found' })
  },
)
