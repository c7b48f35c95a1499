/** Installed packages that nobody declared and whose name says that they are flavors. */
import { join } from 'node:path'
import type { ConsultedPaths } from './consulted-paths.js'
import { upward } from './package-json.js'

const flavorPackageName = /^(?:stack-)?flavor-/

/**
 * The directories and names of packages called `flavor-*` or `stack-flavor-*` under any scope, in each `node_modules` upward.
 * @throws StackError `permission-denied` where one of these, above the project, is somebody else's.
 */
export function undeclaredPackages(
  paths: ConsultedPaths,
  projectRoot: string,
): readonly { readonly directory: string; readonly name: string }[] {
  const found: { directory: string; name: string }[] = []
  for (const directory of upward(projectRoot)) {
    const modules = join(directory, 'node_modules')
    const before = found.length
    for (const entry of paths.list(modules)) {
      if (entry.startsWith('@')) {
        for (const name of paths.list(join(modules, entry))) {
          if (flavorPackageName.test(name))
            found.push({ directory: join(modules, entry, name), name: `${entry}/${name}` })
        }
      } else if (flavorPackageName.test(entry)) {
        found.push({ directory: join(modules, entry), name: entry })
      }
    }
    if (found.length > before) paths.requireTrusted(modules)
  }
  return found
}
