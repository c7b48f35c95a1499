/** A `stack` installed elsewhere hands over to the `@stack/cli` of the project it is called in. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { requireTrusted } from '@stack/core/host'

/** Where the program was called. */
export interface Call {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * The URL of the program that the project around the call has installed, undefined where that is this one or there is none.
 * @throws StackError `permission-denied` where it was found by looking upward and is somebody else's.
 */
export function findOwnProgram({ argv, cwd, env }: Call): string | undefined {
  const named = projectFlag(argv) ?? (env.STACK_PROJECT || undefined)
  let directory = resolve(cwd, named ?? '.')
  const isNamed = (found: string) => named !== undefined && found === resolve(cwd, named)
  for (;;) {
    const modules = join(directory, 'node_modules')
    const manifest = join(modules, '@stack', 'cli', 'package.json')
    if (existsSync(manifest)) {
      const program = programOf(manifest)
      if (program !== undefined && !isNamed(directory)) requireTrusted(modules, { env })
      return program
    }
    const parent = dirname(directory)
    if (parent === directory) return undefined
    directory = parent
  }
}

function programOf(manifest: string): string | undefined {
  try {
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: { stack?: unknown } }
    if (typeof bin?.stack !== 'string') return undefined
    const program = realpathSync(join(dirname(manifest), bin.stack))
    const self = realpathSync(fileURLToPath(import.meta.url))
    return program === self ? undefined : pathToFileURL(program).href
  } catch {
    return undefined
  }
}

function projectFlag(argv: readonly string[]): string | undefined {
  const index = argv.indexOf('--project')
  if (index >= 0) return argv[index + 1]
  return argv.find((word) => word.startsWith('--project='))?.slice('--project='.length)
}
