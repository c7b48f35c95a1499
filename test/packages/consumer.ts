/** A project outside the repository that installs the packed packages, as a person with one of the package managers does. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pRetry from 'p-retry'
import { cleanEnvironment } from '../clean-environment.js'
import { mustRun } from '../run-program.js'

/** How each package manager installs what package.json lists, in the version that is promised. */
const installCommands = {
  npm: ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline'],
  pnpm: [fileURLToPath(new URL('../../node_modules/.bin/pnpm', import.meta.url)), 'install', '--prefer-offline'],
  // A cache of its own: yarn's does not notice that a version was packed again.
  yarn: ['npx', '-y', 'yarn@1.22.22', 'install', '--cache-folder=.yarn-cache', '--non-interactive'],
} as const

export interface ConsumerOptions {
  readonly packageManager: keyof typeof installCommands
  readonly moduleType: 'module' | 'commonjs'
  readonly zod: string
  /** Flavor packages that the project installs beside the program. */
  readonly flavors: readonly string[]
  /** The loopback registry of our packages, and the one for everything else. */
  readonly registries: { readonly stack: string; readonly others: string }
  /** Path in the project → content. */
  readonly files: Readonly<Record<string, string>>
}

export interface Consumer extends AsyncDisposable {
  readonly directory: string
  /** Runs the installed `stack` with `--json` and gives its `data`. */
  stack(...args: string[]): Promise<unknown>
}

/** Makes the project in a new directory and installs its dependencies. */
export async function installConsumer(options: ConsumerOptions): Promise<Consumer> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), `stack-consumer-${options.packageManager}-`)))
  const environment = cleanEnvironment({ npm_config_registry: options.registries.others })
  for (const [path, content] of Object.entries({ ...settingsFiles(options), ...options.files })) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
  const [program, ...args] = installCommands[options.packageManager]
  await pRetry(() => mustRun(program, args, { cwd: directory, env: environment }), {
    retries: 2,
    minTimeout: 5000,
    shouldRetry: ({ error }) => isRegistryFailure(error),
  })
  return {
    directory,
    async stack(...verbs) {
      const program = join(directory, 'node_modules/.bin/stack')
      return JSON.parse(await mustRun(program, [...verbs, '--json'], { cwd: directory, env: environment })).data
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

/** yarn 1 says so of whatever the registry answers with an error, and does not ask again as the others do. */
function isRegistryFailure({ message }: Error): boolean {
  return message.includes("Couldn't find package")
}

function settingsFiles({ moduleType, zod, flavors, registries }: ConsumerOptions): Record<string, string> {
  const stackPackages = ['@stack/cli', '@stack/pipelines', ...flavors].map((name) => [name, '^0.1.0'])
  const dependencies = { ...Object.fromEntries(stackPackages), zod }
  return {
    'package.json': JSON.stringify({ name: 'consumer', private: true, type: moduleType, dependencies }, null, 2),
    '.npmrc': `@stack:registry=${registries.stack}\n`,
    '.yarnrc': `"@stack:registry" "${registries.stack}"\n`,
  }
}
