/** The flavor packages that the program carries: they need no installation. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const name = '@stack/flavor-local'

/** Their directories. */
export function builtinFlavors(): readonly string[] {
  return [installedAbove(fileURLToPath(import.meta.url)) ?? resolved()]
}

/** Looks where npm, pnpm and yarn put it, upward from the program; much cheaper than to resolve it. */
function installedAbove(file: string): string | undefined {
  let directory = dirname(file)
  for (;;) {
    const candidate = join(directory, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    const parent = dirname(directory)
    if (parent === directory) return undefined
    directory = parent
  }
}

/** Where there is no node_modules, as under yarn's PnP. */
function resolved(): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
}
