/** The primitives of the local artifact store, on a directory of this machine. */
import { mkdirSync } from 'node:fs'
import {
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type CopyOptions,
  type DeleteResult,
  type DirectoryNames,
  type DriverOptions,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type OperationOptions,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
  type UnfinishedUpload,
} from '@stack/core'
import { takeTurn } from './fair-turns.js'
import { hiddenNames } from './hidden-names.js'
import { copyOut } from './local-download.js'
import { listLocal } from './local-list.js'
import { readNames } from './local-names.js'
import { LocalPaths } from './local-paths.js'
import { readLocal } from './local-read.js'
import { removeFile, removeTree } from './local-remove.js'
import { lstatPath, statPath, statReadablePath } from './local-stat.js'
import { renameLocal, syncDirectories, type WriteTools, writeLocal } from './local-write.js'
import { TemporaryFiles } from './temporary-files.js'
import { toStoreError } from './to-store-error.js'
import { inPlace } from './write-place.js'

const capabilities: ArtifactStoreCapabilities = {
  conditionalCreate: true,
  conditionalUpdate: false,
  rename: 'atomic',
  caseSensitive: !['darwin', 'win32'].includes(process.platform),
  emptyDirectories: true,
  fileAndDirectory: false,
  metadata: false,
  presign: false,
  multipart: false,
}

export class LocalDriver implements ArtifactStoreDriver {
  readonly capabilities = capabilities
  readonly #tools: WriteTools

  constructor(root: string, options: { readonly durable: boolean }) {
    this.#tools = { paths: new LocalPaths(root), temporaries: new TemporaryFiles(root), durable: options.durable }
  }

  head(key: string, options: OperationOptions): Promise<Stat | null> {
    return attempt(options, () => {
      const path = this.#tools.paths.find(key)
      return path === null ? null : statPath(key, path)
    })
  }

  get(key: string, options: GetOptions): Promise<GetResult> {
    return attempt(options, () => readLocal(key, this.#existing(key), options))
  }

  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    return attempt(options, () => writeLocal(this.#tools, key, source, options))
  }

  list(prefix: string, options: ListOptions): AsyncIterable<Page> {
    return listLocal(this.#tools.paths, prefix, options)
  }

  names(key: string, options: OperationOptions): Promise<DirectoryNames> {
    return readNames(this.#tools.paths, key, options)
  }

  hidden(options: OperationOptions): AsyncIterable<string> {
    return hiddenNames(this.#tools.paths, options)
  }

  async delete(keys: readonly string[], options: OperationOptions): Promise<DeleteResult> {
    const failed: { key: string; error: unknown }[] = []
    for (const key of keys) {
      options.signal?.throwIfAborted()
      await attempt(options, () => removeFile(this.#tools.paths, key)).catch((error: unknown) => {
        failed.push({ key, error })
      })
    }
    return { failed }
  }

  copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    return attempt(options, () => {
      const path = this.#existing(from)
      const { size } = statReadablePath(from, path)
      return writeLocal(this.#tools, to, { kind: 'file', path, size }, options)
    })
  }

  /** Copies the file itself: on file systems that can, both then share their blocks. */
  download(key: string, file: string, options: Omit<GetOptions, 'range'>): Promise<Stat> {
    return attempt(options, () => copyOut(key, this.#existing(key), file, options))
  }

  unfinishedUploads(options: OperationOptions): AsyncIterable<UnfinishedUpload> {
    return this.#tools.temporaries.unfinished(options)
  }

  makeDirectory(key: string, options: DriverOptions): Promise<void> {
    return attempt(options, async () => {
      const place = inPlace(this.#tools.paths, key, ({ path }) => mkdirSync(path))
      options.published?.()
      if (this.#tools.durable) await syncDirectories(place)
    })
  }

  removeTree(key: string, options: OperationOptions): Promise<void> {
    return attempt(options, () => removeTree(this.#tools.paths, key, options.signal))
  }

  rename(from: string, to: string, options: CopyOptions): Promise<void> {
    return attempt(options, () => {
      const directory = lstatPath(this.#tools.paths.findUnfollowed(from))?.isDirectory() === true
      return renameLocal(this.#tools, { from, to, directory }, options)
    })
  }

  #existing(key: string): string {
    const path = this.#tools.paths.find(key)
    if (path === null) throw new StackError('not-found', 'it does not exist')
    return path
  }
}

/** Makes calls in a fair turn of the event loop, their errors those of the contract. */
async function attempt<T>(options: OperationOptions, run: () => T | Promise<T>): Promise<T> {
  const turn = takeTurn()
  if (turn !== undefined) await turn
  options.signal?.throwIfAborted()
  try {
    return await run()
  } catch (error) {
    throw toStoreError(error)
  }
}
