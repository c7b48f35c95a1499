/** Projects of a few files, for tests of the source loader. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createSourceLoader } from '../../src/source/create-source-loader.js'

const workspace = fileURLToPath(new URL('../../../../', import.meta.url))

/** Makes a project with these files, and @stack/core and @stack/pipelines installed; it is removed with the test. */
export async function sourceProject(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'stack-source-test-')))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'node_modules/@stack'), { recursive: true })
  await mkdir(join(root, '.stack'))
  for (const name of ['core', 'pipelines']) {
    await symlink(join(workspace, 'packages', name), join(root, 'node_modules/@stack', name))
  }
  await writeSources(root, files)
  return root
}

/** Writes files below a directory. */
export async function writeSources(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
}

/** Loads a file of a project. */
export async function loadSource(root: string, file: string): Promise<Record<string, unknown>> {
  return (await createSourceLoader({ projectRoot: root }).load(join(root, file))).module as Record<string, unknown>
}
