/** Bundles kept on disk, valid as long as they are whole and what they were made of has not changed. */
import { createHash, randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StackError } from '@stack/core'
import { fromFileError, isPrivate, trustKey } from '@stack/core/host'
import type { SourceBundle } from './bundle-source.js'
import { fileHash, fileSignature, sourceHash } from './file-signature.js'
import { format, formatKeptBundle, type KeptBundle, parseKeptBundle } from './kept-bundle.js'

/** A bundle ready to be imported. */
export interface ReadyBundle {
  /** The entry's path. */
  readonly output: string
  readonly files: Readonly<Record<string, string>>
}

/** How long an output that is no longer current is kept: a day. */
const maximumAgeMs = 24 * 60 * 60 * 1000

/** An index beyond this size, in bytes, is made anew. */
const indexSizeLimit = 64 * 1024 * 1024

const indexName = 'bundle.json'

/** Where bundles are kept. */
export interface SourceCacheOptions {
  readonly directory: string
  readonly projectRoot: string
  /** Another directory, for when the first cannot be written. */
  readonly fallback?: () => string
}

/** The bundles below one directory. Several processes may use it concurrently: outputs are named by their content. */
export class SourceCache {
  readonly #projectRoot: string
  #directory: string
  #fallback: (() => string) | undefined

  constructor({ directory, projectRoot, fallback }: SourceCacheOptions) {
    this.#directory = directory
    this.#projectRoot = projectRoot
    this.#fallback = fallback
  }

  /**
   * The bundle of an entry file, made anew where it is damaged or anything it was made of changed.
   * @throws StackError `source-error`; `no-space`, `permission-denied`, `unavailable` where it can be written nowhere.
   */
  async bundle(entry: string): Promise<ReadyBundle> {
    const key = `${format} ${process.version} ${trustKey()} ${entry}`
    const directory = join(this.#directory, createHash('sha256').update(key).digest('hex').slice(0, 16))
    const kept = readKept(directory)
    if (kept !== undefined && isWhole(directory, kept) && isCurrent(kept)) {
      return { output: join(directory, kept.entry), files: kept.files }
    }
    const { bundleSource } = await import('./bundle-source.js')
    const bundle = await bundleSource(entry, { directory, projectRoot: this.#projectRoot })
    try {
      keep(directory, bundle)
      return { output: join(directory, bundle.entry), files: bundle.files }
    } catch (error) {
      const fallback = this.#fallback
      if (fallback === undefined) throw fromFileError(error, directory)
      this.#fallback = undefined
      this.#directory = fallback()
      return this.bundle(entry)
    }
  }
}

/** Undefined where it is absent, damaged, or where others could have written it. */
function readKept(directory: string): KeptBundle | undefined {
  const path = join(directory, indexName)
  try {
    const stats = lstatSync(path)
    if (!stats.isFile() || stats.size > indexSizeLimit) return undefined
    return isPrivate(directory) && isPrivate(path) ? parseKeptBundle(readFileSync(path, 'utf8')) : undefined
  } catch {
    return undefined
  }
}

/** Whether every file of a bundle, maps too, is as it was written. */
function isWhole(directory: string, { outputs }: KeptBundle): boolean {
  return Object.entries(outputs).every(([name, { size, hash }]) => hasContents(join(directory, name), size, hash))
}

function hasContents(path: string, size: number, hash: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.size === size && isPrivate(path) && fileHash(path) === hash
}

function isCurrent({ files, consulted }: KeptBundle): boolean {
  for (const [path, signature] of Object.entries(consulted)) if (fileSignature(path) !== signature) return false
  for (const [path, hash] of Object.entries(files)) if (fileHash(path) !== hash) return false
  return true
}

function keep(directory: string, { entry, files, consulted, outputs }: SourceBundle): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!isPrivate(directory)) throw othersCanWrite(directory)
  const kept: KeptBundle = { entry, files, consulted, outputs: Object.fromEntries(outputs.map(describe)) }
  for (const { name, contents } of outputs) {
    const { size, hash } = kept.outputs[name] ?? { size: 0, hash: '' }
    if (!hasContents(join(directory, name), size, hash)) writeAtomically(directory, name, contents)
  }
  writeAtomically(directory, indexName, formatKeptBundle(kept))
  removeOld(directory, new Set([indexName, ...outputs.map(({ name }) => name)]))
}

function othersCanWrite(directory: string): StackError {
  return new StackError('permission-denied', `"${directory}" can be written by others: no code is run from there.`, {
    hint: `chmod go-w "${directory}"`,
  })
}

function describe({ name, contents }: SourceBundle['outputs'][number]) {
  const bytes = Buffer.from(contents)
  return [name, { size: bytes.length, hash: sourceHash(bytes) }] as const
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
  try {
    writeFileSync(temporary, contents, { mode: 0o600 })
    renameSync(temporary, join(directory, name))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
