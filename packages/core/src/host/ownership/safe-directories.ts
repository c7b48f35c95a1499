/** `STACK_SAFE_DIRECTORIES`: directories whose files are used whoever owns them. */
import { realpathSync } from 'node:fs'
import { delimiter, isAbsolute } from 'node:path'
import type { Environment } from './owners.js'

/** Whether the environment lists a directory: by its absolute path, through any link, or by `*` as every directory is. */
export function isSafeDirectory(directory: string, env: Environment): boolean {
  const entries = (env.STACK_SAFE_DIRECTORIES ?? '').split(delimiter)
  if (entries.includes('*')) return true
  const real = realPath(directory)
  return real !== undefined && entries.some((entry) => isAbsolute(entry) && realPath(entry) === real)
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
