/** A copy of this example outside the repository, with its packages, in which commands can be run. */
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cleanEnvironment } from '../../../test/clean-environment.js'
import { mustRun } from '../../../test/run-program.js'

const example = fileURLToPath(new URL('..', import.meta.url))
const left = new Set(['node_modules', '.stack', '.turbo', 'test', 'report.html'])

export interface ProjectCopy extends AsyncDisposable {
  readonly directory: string
  /** Runs a program in the copy with Node; gives what it printed, and rejects where it fails. */
  node(file: string, ...args: readonly string[]): Promise<string>
  /** Runs `stack … --json` in the copy; gives the data. */
  stack<Data>(...args: readonly string[]): Promise<Data>
}

/** Makes one in a new directory. */
export async function copyProject(): Promise<ProjectCopy> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'stack-penguins-')))
  await cp(example, directory, { recursive: true, filter: (path) => !left.has(basename(path)) })
  await symlink(join(example, 'node_modules'), join(directory, 'node_modules'))
  const node = (file: string, ...args: readonly string[]) =>
    mustRun(process.execPath, [join(directory, file), ...args], { cwd: directory, env: cleanEnvironment() })
  return {
    directory,
    node,
    async stack<Data>(...args: readonly string[]) {
      const printed = await node('node_modules/@stack/cli/dist/stack.cjs', ...args, '--json')
      return (JSON.parse(printed) as { data: Data }).data
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}
