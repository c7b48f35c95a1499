/** The files that decide how imports are resolved and sources compiled, beside the sources themselves. */
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileSignature } from './file-signature.js'

/** Notes files with their signatures, also those that were looked for and are absent. */
export class ConsultedFiles {
  readonly #signatures = new Map<string, string | null>()
  readonly #directories = new Set<string>()

  /** Looks for a package as Node does, upward by path, and says whether it is installed. */
  addPackage(name: string, from: string): boolean {
    for (const directory of upward(from)) {
      if (this.#add(join(directory, 'node_modules', name, 'package.json'))) return true
    }
    return false
  }

  /** The compiler options and package descriptions that hold for a source file. */
  addConfigs(file: string): void {
    for (const directory of upward(dirname(file))) {
      if (this.#directories.has(directory)) return
      this.#directories.add(directory)
      this.#add(join(directory, 'package.json'))
      for (const name of ['tsconfig.json', 'jsconfig.json']) this.#addCompilerOptions(join(directory, name))
    }
  }

  signatures(): Readonly<Record<string, string | null>> {
    return Object.fromEntries(this.#signatures)
  }

  #addCompilerOptions(path: string): void {
    if (this.#signatures.has(path) || !this.#add(path)) return
    const extended = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
    for (const [, specifier = ''] of extended.matchAll(/"([^"]+)"/g)) {
      const base = resolveConfig(specifier, path)
      if (base !== undefined) this.#addCompilerOptions(base)
    }
  }

  #add(path: string): boolean {
    const known = this.#signatures.get(path)
    if (known !== undefined) return known !== null
    const signature = fileSignature(path)
    this.#signatures.set(path, signature)
    return signature !== null
  }
}

function resolveConfig(specifier: string, from: string): string | undefined {
  for (const candidate of [specifier, `${specifier}.json`, `${specifier}/tsconfig.json`]) {
    try {
      const path = specifier.startsWith('.')
        ? resolve(dirname(from), candidate)
        : createRequire(from).resolve(candidate)
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path
    } catch {
      // The next form, or esbuild will tell.
    }
  }
  return undefined
}

function* upward(directory: string): Generator<string, void, undefined> {
  let current = directory
  for (;;) {
    yield current
    const above = dirname(current)
    if (above === current) return
    current = above
  }
}
