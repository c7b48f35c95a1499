/** The environment of a person's shell: without what npm, pnpm and vitest add for the programs that they start. */
import { delimiter, dirname } from 'node:path'

const added =
  /^(npm_|pnpm_|vitest|vite_|node_env$|node_path$|init_cwd$|test$|dev$|prod$|mode$|ssr$|base_url$|force_color$|stack_|turbo_)/i

/** The current environment cleaned, with the running Node first on the PATH and no folder of this repository on it. */
export function cleanEnvironment(additions: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !added.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    CI: 'true',
    NO_COLOR: '1',
    ...additions,
  }
}
