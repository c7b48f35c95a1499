/** A source loader for JavaScript modules that import nothing of the project: enough for tests. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type SourceLoader, StackError } from '@stack/core'

/** Loads modules, counting how often. */
export class ModuleLoader implements SourceLoader {
  loads = 0

  async load(file: string) {
    this.loads++
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    try {
      const module: Record<string, unknown> = await import(`${pathToFileURL(file).href}?${hash}`)
      return { module, files: { [file]: `sha256:${hash}` } }
    } catch (error) {
      throw new StackError('source-error', `${file} cannot be loaded: ${String(error)}`, { cause: error })
    }
  }
}
