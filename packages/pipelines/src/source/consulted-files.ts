/** The files that decide how imports are resolved and sources compiled, beside the sources themselves. */
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { OutsideProject } from '@stack/core/host'
import { fileSignature } from './file-signature.js'
import { upward } from './installed-package.js'

/** Compiler options beyond this size, in bytes, are the bundler's business alone. */
const sizeLimit = 1024 * 1024

const compilerOptions = ['tsconfig.json', 'jsconfig.json']

/**
 * Notes files with their signatures, also those that were looked for and are absent. What is used of them and lies outside of
 * the project must belong to this user.
 */
export class ConsultedFiles {
  readonly #signatures = new Map<string, string | null>()
  readonly #directories = new Set<string>()
  readonly #outside: OutsideProject

  constructor(projectRoot: string) {
    this.#outside = new OutsideProject(projectRoot)
  }

  /**
   * Looks for a package as Node does, upward by path, and says whether it is installed.
   * @throws StackError `permission-denied` where it is in somebody else's `node_modules`.
   */
  addPackage(name: string, from: string): boolean {
    for (const directory of upward(from)) {
      const modules = join(directory, 'node_modules')
      if (!this.#add(join(modules, name, 'package.json'))) continue
      this.#outside.requireTrusted(modules)
      return true
    }
    return false
  }

  /**
   * Checks a file that was found by looking for a package.
   * @throws StackError `permission-denied` where it is in somebody else's `node_modules`.
   */
  requireTrusted(file: string): void {
    const modules = /^.*?[\\/]node_modules(?=[\\/])/.exec(file)?.[0]
    if (modules !== undefined) this.#outside.requireTrusted(modules)
  }

  /**
   * The compiler options and package descriptions that hold for a source file.
   * @throws StackError `permission-denied` where the nearest ones are somebody else's.
   */
  addConfigs(file: string): void {
    for (const directory of upward(dirname(file))) {
      if (this.#directories.has(directory)) break
      this.#directories.add(directory)
      this.#add(join(directory, 'package.json'))
      for (const name of compilerOptions) this.#addCompilerOptions(join(directory, name))
    }
    this.#requireNearest(dirname(file), ['package.json'])
    this.#requireNearest(dirname(file), compilerOptions)
  }

  signatures(): Readonly<Record<string, string | null>> {
    return Object.fromEntries(this.#signatures)
  }

  #addCompilerOptions(path: string): void {
    if (this.#signatures.has(path) || !this.#add(path)) return
    const text = readText(path)
    for (const specifier of [...extendedConfigs(text), ...referencedConfigs(text)]) {
      const base = resolveConfig(specifier, path)
      if (base === undefined) continue
      if (!specifier.startsWith('.')) this.requireTrusted(base)
      this.#addCompilerOptions(base)
    }
  }

  /** Checks the first of these files upward: the ones above it decide nothing. */
  #requireNearest(from: string, names: readonly string[]): void {
    for (const directory of upward(from)) {
      const found = names.map((name) => join(directory, name)).filter((path) => this.#add(path))
      for (const path of found) this.#outside.requireTrusted(path)
      if (found.length > 0) return
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

/** What a tsconfig extends; comments and trailing commas, which JSON does not know, are no matter. */
export function extendedConfigs(text: string): readonly string[] {
  const extended = /"extends"\s{0,100}:\s{0,100}(\[[^\]]{0,4096}\]|"[^"]{0,4096}")/.exec(text)?.[1] ?? ''
  return [...extended.matchAll(/"([^"]+)"/g)].map(([, specifier = '']) => specifier)
}

/** The projects that a tsconfig references, relative to it. */
function referencedConfigs(text: string): readonly string[] {
  const references = /"references"\s{0,100}:\s{0,100}\[([^\]]{0,65536})\]/.exec(text)?.[1] ?? ''
  return [...references.matchAll(/"path"\s{0,100}:\s{0,100}"([^"]{1,4096})"/g)].map(([, path = '']) =>
    /^\.{0,2}\//.test(path) ? path : `./${path}`,
  )
}

/** The text of a file; empty where it is none, cannot be read, or is too large for compiler options. */
function readText(path: string): string {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= sizeLimit ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
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
      // The next form; the bundler refuses where there is none.
    }
  }
  return undefined
}
