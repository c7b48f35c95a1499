/** Bundles kept on disk, valid as long as what they were made of has not changed. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceBundle } from './bundle-source.js'
import { fileHash, fileSignature } from './file-signature.js'

/** What is kept of a bundle. */
interface KeptBundle {
  /** The entry's file name among the outputs. */
  readonly entry: string
  /** `sha256:<hex>` of each source file. */
  readonly files: Readonly<Record<string, string>>
  /** What else decided how imports are resolved and compiled: signatures by path, null for what was absent. */
  readonly consulted: Readonly<Record<string, string | null>>
}

/** A bundle ready to be imported. */
export interface ReadyBundle {
  /** The entry's path. */
  readonly output: string
  readonly files: Readonly<Record<string, string>>
}

/** How long an output that is no longer current is kept: a day. */
const maximumAgeMs = 24 * 60 * 60 * 1000

/** Raised when bundles are made in another way. */
const format = 3

/** The bundles below one directory. Several processes may use it at once: outputs are named by their content. */
export class SourceCache {
  readonly #directory: string
  readonly #projectRoot: string

  constructor(directory: string, projectRoot: string) {
    this.#directory = directory
    this.#projectRoot = projectRoot
  }

  /** The bundle of an entry file, made anew where anything it was made of changed. */
  async bundle(entry: string): Promise<ReadyBundle> {
    const key = createHash('sha256').update(`${format} ${process.version} ${entry}`).digest('hex').slice(0, 16)
    const directory = join(this.#directory, key)
    const kept = readKept(join(directory, 'bundle.json'))
    if (kept !== undefined && isCurrent(kept) && existsSync(join(directory, kept.entry))) {
      return { output: join(directory, kept.entry), files: kept.files }
    }
    const { bundleSource } = await import('./bundle-source.js')
    const bundle = await bundleSource(entry, { directory, projectRoot: this.#projectRoot })
    keep(directory, bundle)
    return { output: join(directory, bundle.entry), files: bundle.files }
  }
}

function readKept(path: string): KeptBundle | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as KeptBundle
  } catch {
    // Absent, or damaged: it is made again.
    return undefined
  }
}

function isCurrent({ files, consulted }: KeptBundle): boolean {
  for (const [path, signature] of Object.entries(consulted)) if (fileSignature(path) !== signature) return false
  for (const [path, hash] of Object.entries(files)) if (fileHash(path) !== hash) return false
  return true
}

function keep(directory: string, { entry, files, consulted, outputs }: SourceBundle): void {
  mkdirSync(directory, { recursive: true })
  for (const { name, contents } of outputs) {
    if (!existsSync(join(directory, name))) writeAtomically(directory, name, contents)
  }
  const kept: KeptBundle = { entry, files, consulted }
  writeAtomically(directory, 'bundle.json', JSON.stringify(kept))
  removeOld(directory, new Set(['bundle.json', ...outputs.map(({ name }) => name)]))
}

/** Removes what earlier bundles left, unless it is so young that a process may still import it. */
function removeOld(directory: string, current: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (!current.has(name) && written !== undefined && written < Date.now() - maximumAgeMs)
      rmSync(path, { force: true })
  }
}

function writeAtomically(directory: string, name: string, contents: string): void {
  const temporary = join(directory, `.${name}.${randomUUID()}`)
  writeFileSync(temporary, contents)
  renameSync(temporary, join(directory, name))
}
