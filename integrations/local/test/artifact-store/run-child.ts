/** Runs a script in a process of its own, against the built flavor. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const packageRoot = fileURLToPath(new URL('../../', import.meta.url))

/** What every script begins with: `openStore(root, durable)`. */
const prelude = `
  const { localArtifactStoreFlavor: flavor } = await import('@stack/flavor-local/artifact-store')
  const Store = await flavor.load()
  const openStore = (path, durable = false) => new Store({
    id: 'store', name: 'store', config: flavor.config.parse({ path, durable }), settings: {}, projectRoot: '/', log: console,
  })
`

/** A script's process and, when it ended, what it printed and how it ended. */
export interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<{ readonly output: string; readonly code: number | null }>
  /** Resolves when the script has printed a text. */
  printed(text: string): Promise<void>
}

/** Starts a script; `before` runs ahead of the flavor's import, `shell` ahead of node. */
export function startChild(script: string, options: { before?: string; shell?: string; uid?: number } = {}): Child {
  const source = `${options.before ?? ''}\n${prelude}\n${script}`
  const node = [process.execPath, '--input-type=module', '-e', source] as const
  const [command, ...rest] =
    options.shell === undefined ? node : ['/bin/sh', '-c', `${options.shell} && exec "$@"`, 'sh', ...node]
  const child = spawn(command as string, rest, {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = new Promise<{ output: string; code: number | null }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ output, code }))
  })
  const printed = async (text: string): Promise<void> => {
    while (!output.includes(text)) {
      if (child.exitCode !== null) throw new Error(`The process ended before it printed ${text}: ${output}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return { process: child, ended, printed }
}
