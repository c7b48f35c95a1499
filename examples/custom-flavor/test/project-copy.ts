/** A copy of this example outside the repository, with its packages or without the SDK, in which commands can be run. */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cleanEnvironment } from '../../../test/clean-environment.js'
import { type Finished, runProgram } from '../../../test/run-program.js'

const example = fileURLToPath(new URL('..', import.meta.url))
const left = new Set(['node_modules', '.stack', '.turbo', 'test'])

export interface ProjectCopy extends AsyncDisposable {
  readonly directory: string
  /** Everything that commands have printed so far, on both streams. */
  readonly printed: string
  /** Runs `stack` in the copy. */
  stack(...args: readonly string[]): Promise<Finished>
  /** Runs `stack … --json`, and gives the data; rejects where it fails. */
  data<Data>(...args: readonly string[]): Promise<Data>
  /** The content of every file of the project, by path; what packages installed is not among them. */
  files(): Promise<ReadonlyMap<string, Buffer>>
}

/** Makes one in a new directory; without the SDK, `@aws-sdk` is not installed there. */
export async function copyProject(options: {
  readonly sdk: boolean
  readonly env?: Readonly<Record<string, string>>
}): Promise<ProjectCopy> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'stack-custom-flavor-')))
  await cp(example, directory, { recursive: true, filter: (path) => !left.has(basename(path)) })
  await mkdir(join(directory, 'node_modules'))
  for (const name of options.sdk ? ['@stack', '@aws-sdk'] : ['@stack']) {
    await symlink(join(example, 'node_modules', name), join(directory, 'node_modules', name))
  }
  const program = join(directory, 'node_modules/@stack/cli/dist/stack.cjs')
  let printed = ''
  const stack = async (...args: readonly string[]) => {
    const env = cleanEnvironment(options.env)
    const finished = await runProgram(process.execPath, [program, ...args], { cwd: directory, env })
    printed += finished.stdout + finished.stderr
    return finished
  }
  return {
    directory,
    get printed() {
      return printed
    },
    stack,
    async data<Data>(...args: readonly string[]) {
      const { exitCode, stdout, stderr } = await stack(...args, '--json')
      if (exitCode !== 0) throw new Error(`stack ${args.join(' ')} exited with ${exitCode}\n${stdout}\n${stderr}`)
      return (JSON.parse(stdout) as { data: Data }).data
    },
    async files() {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true })
      const paths = entries
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
        .map((entry) => join(entry.parentPath, entry.name))
      return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)))
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}
