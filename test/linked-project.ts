/** A project outside the repository whose `node_modules` lead to this workspace's packages: quick to make, real to use. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('..', import.meta.url))
const installed = fileURLToPath(new URL('node_modules', import.meta.url))
const declared = ['@stack/cli', '@stack/core', '@stack/pipelines', '@stack/testing', 'zod']

/** The built program. */
export const stackProgram = fileURLToPath(new URL('../packages/cli/dist/stack.cjs', import.meta.url))

export interface LinkedProject extends AsyncDisposable {
  readonly directory: string
}

/** What a project has installed beside the packages that every project has. */
export interface ProjectAdditions {
  /** Directories of packages, relative to the repository, by name. */
  readonly packages?: Readonly<Record<string, string>>
  /** Programs of those packages, relative to them: `<package>/<path>` by the name they are called with. */
  readonly programs?: Readonly<Record<string, string>>
}

/** Makes one in a new directory, with the given files (path → content). */
export async function makeLinkedProject(
  files: Readonly<Record<string, string>>,
  additions: ProjectAdditions = {},
): Promise<LinkedProject> {
  const packages = new Map([
    ...declared.map((name) => [name, join(installed, name)] as const),
    ...Object.entries(additions.packages ?? {}).map(([name, path]) => [name, join(repository, path)] as const),
  ])
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'stack-project-')))
  const manifest = {
    name: 'project',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries([...packages.keys()].map((name) => [name, '*'])),
  }
  for (const [path, content] of Object.entries({ 'package.json': JSON.stringify(manifest, null, 2), ...files })) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
  for (const [name, path] of packages) {
    await mkdir(dirname(join(directory, 'node_modules', name)), { recursive: true })
    await symlink(await realpath(path), join(directory, 'node_modules', name))
  }
  await mkdir(join(directory, 'node_modules/.bin'))
  await symlink(stackProgram, join(directory, 'node_modules/.bin/stack'))
  for (const [name, path] of Object.entries(additions.programs ?? {}))
    await symlink(join(directory, 'node_modules', path), join(directory, 'node_modules/.bin', name))
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}
