/** Finds installed packages as Node does: upward by path. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The name of the package that an import speaks of. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The directory and all above it. */
export function* upward(directory: string): Generator<string, void, undefined> {
  let current = directory
  for (;;) {
    yield current
    const above = dirname(current)
    if (above === current) return
    current = above
  }
}

/** The directory of an installed package, or undefined. */
export function findPackage(name: string, from: string): string | undefined {
  for (const directory of upward(from)) {
    const candidate = join(directory, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
  }
  return undefined
}
