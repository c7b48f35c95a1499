/** The flavor packages that the program carries: they need no installation. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** Their directories. */
export function builtinFlavors(): readonly string[] {
  const require = createRequire(import.meta.url)
  return [dirname(require.resolve('@stack/flavor-local/package.json'))]
}
