/** The example of the penguins outside the repository, as it stands, with the packages of the S3 and the GCS flavor installed. */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cleanEnvironment } from '../clean-environment.js'
import { stackProgram } from '../linked-project.js'
import { mustRun } from '../run-program.js'

const example = fileURLToPath(new URL('../../examples/penguins', import.meta.url))
const left = new Set(['node_modules', '.stack', '.turbo', 'test', 'report.html'])
const flavorPackages = ['flavor-s3', 'flavor-gcs']

export interface PenguinsProject extends AsyncDisposable {
  readonly directory: string
  /** Runs `stack … --json` in it, with further variables in its environment; gives the data. */
  stack<Data>(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Data>
}

/** Makes a project in a new directory. */
export async function makePenguinsProject(): Promise<PenguinsProject> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'stack-penguins-')))
  await cp(example, directory, { recursive: true, filter: (path) => !left.has(basename(path)) })
  await install(directory)
  return {
    directory,
    async stack<Data>(args: readonly string[], environment = {}) {
      const env = cleanEnvironment(environment)
      const printed = await mustRun(process.execPath, [stackProgram, ...args, '--json'], { cwd: directory, env })
      return (JSON.parse(printed) as { data: Data }).data
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** What `npm install` of the flavor packages changes: the manifest, and the packages that are there. */
async function install(directory: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const added = Object.fromEntries(flavorPackages.map((name) => [`@stack/${name}`, '*']))
  const dependencies = { ...manifest.dependencies, ...added }
  await writeFile(join(directory, 'package.json'), JSON.stringify({ ...manifest, dependencies }, null, 2))

  const [from, to] = [join(example, 'node_modules'), join(directory, 'node_modules')]
  await mkdir(join(to, '@stack'), { recursive: true })
  const installed = (await readdir(from)).filter((name) => !name.startsWith('.') && name !== '@stack')
  const ours = (await readdir(join(from, '@stack'))).map((name) => join('@stack', name))
  for (const name of [...installed, ...ours]) await symlink(await realpath(join(from, name)), join(to, name))
  for (const name of flavorPackages) {
    const integration = new URL(`../../integrations/${name.slice('flavor-'.length)}`, import.meta.url)
    await symlink(fileURLToPath(integration), join(to, '@stack', name))
  }
}
