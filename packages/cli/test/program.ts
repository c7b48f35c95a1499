/** The program under test: the bundle, run as a process of its own in a project of its own. */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const program = fileURLToPath(new URL('../dist/stack.cjs', import.meta.url))
const packages = fileURLToPath(new URL('../../', import.meta.url))
const directories: string[] = []

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** How a process ended. */
export interface Finished {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** stdout as JSON. */
  readonly json: () => {
    readonly data?: never
    readonly error?: {
      readonly code: string
      readonly message: string
      readonly hint: string
      readonly problems: readonly { readonly path: string; readonly message: string }[]
    }
    readonly warnings?: readonly { readonly code: string; readonly message: string }[]
  }
}

/** A directory to run the program in; files by path. */
export function makeDirectory(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'stack-cli-test-'))
  directories.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

/** Makes core and pipelines resolvable in a directory, as an installation would. */
export function linkPackages(root: string): void {
  for (const name of ['core', 'pipelines']) {
    const link = join(root, 'node_modules', '@stack', name)
    mkdirSync(dirname(link), { recursive: true })
    if (!existsSync(link)) symlinkSync(join(packages, name), link)
  }
}

let temporary: string | undefined

/** A temporary directory for all users, so that nothing of theirs stays in the machine's own. */
function everybodysTemporary(): string {
  if (temporary === undefined) {
    temporary = makeDirectory()
    chmodSync(temporary, 0o1777)
  }
  return temporary
}

/** What differs from a process of one's own. */
export interface StackOptions {
  /** Root may do what nobody may; this takes it from the program. */
  readonly asOrdinaryUser?: boolean
  /** Runs it as another user, whose group has the same number unless given; only root can. */
  readonly uid?: number
  readonly gid?: number
}

/** Starts the program in a directory; `env` adds to the environment. */
export function startStack(
  cwd: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  options: StackOptions = {},
) {
  const own = { ...process.env }
  for (const name of ['NO_COLOR', 'STACK_PROJECT', 'STACK_ACTIVE_STACK', 'STACK_SAFE_DIRECTORIES', 'SUDO_UID'])
    delete own[name]
  const child = spawn(process.execPath, [program, ...argv], {
    cwd,
    env: { ...own, ...(options.uid === undefined ? {} : { TMPDIR: everybodysTemporary() }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.asOrdinaryUser === true && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid ?? options.uid }),
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr, json: () => JSON.parse(stdout) }))
  })
  return { child, finished, stderr: () => stderr }
}

/** Runs the program in a directory to its end. */
export function stack(
  cwd: string,
  argv: readonly string[],
  env?: NodeJS.ProcessEnv,
  options?: StackOptions,
): Promise<Finished> {
  return startStack(cwd, argv, env, options).finished
}
