/** What lies outside of a project: found there by looking upward, it must be the user's own. */
import { realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { requireTrusted } from './require-trusted.js'

/** Checks the paths that are used on behalf of one project. */
export class OutsideProject {
  readonly #within: readonly string[]

  constructor(projectRoot: string) {
    const root = resolve(projectRoot)
    this.#within = [root, realPath(root)].map((directory) => (directory.endsWith(sep) ? directory : directory + sep))
  }

  /**
   * Throws where a path that is about to be used lies outside of the project and belongs to somebody else.
   * @throws StackError `permission-denied`
   */
  requireTrusted(path: string): void {
    if (!this.#within.some((root) => path.startsWith(root))) requireTrusted(path)
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
