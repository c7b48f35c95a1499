/** Which installed packages run code of their own when they are installed. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const hooks = ['preinstall', 'install', 'postinstall']

/** The names of packages anywhere below a directory that have an install script, or a native build that npm would run. */
export async function packagesWithInstallScripts(directory: string): Promise<string[]> {
  const names: string[] = []
  for (const path of await readdir(directory, { recursive: true })) {
    if (!/(?:^|[\\/])node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@.][^\\/]*[\\/]package\.json$/.test(path)) continue
    const { name, scripts = {} } = JSON.parse(await readFile(join(directory, path), 'utf8')) as {
      readonly name?: string
      readonly scripts?: Readonly<Record<string, string>>
    }
    const builds = existsSync(join(directory, dirname(path), 'binding.gyp'))
    if (builds || hooks.some((hook) => scripts[hook] !== undefined)) names.push(name ?? path)
  }
  return names
}
