/** A directory as a value: a step gives the path of one it filled, a later step reads the files it needs, or takes them all. */
import { basename, resolve } from 'node:path'
import { didYouMean, StackError } from '@stack/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isBranded, recogniseByBrand } from './brand.js'
import type { DirectoryFile, DirectorySource, OpenedFile } from './directory-tree.js'
import { downloadTree } from './download-tree.js'
import { checkFileName } from './file-name.js'
import { LocalDirectory } from './local-directory.js'

const brand = Symbol.for('@stack/pipelines/artifact-directory')

/** What a directory may say of itself beside its path. */
export interface ArtifactDirectoryOptions {
  /** The path's last segment unless given. */
  readonly name?: string
}

/**
 * A directory of files. As a step's output every file in it is stored; a later step gets an `ArtifactDirectory` of the same
 * files, each fetched when it is read and verified by its hash. The class is a Standard Schema too: `output: ArtifactDirectory`.
 */
export class ArtifactDirectory {
  static {
    recogniseByBrand(ArtifactDirectory, brand)
  }

  readonly name: string
  readonly #source: DirectorySource

  /** Takes the path of a directory of this machine. */
  constructor(path: string | DirectorySource, options: ArtifactDirectoryOptions = {}) {
    this.#source = typeof path === 'string' ? new LocalDirectory(resolve(path)) : path
    this.name = checkFileName(options.name ?? basename(this.#source.path ?? ''))
    Object.defineProperty(this, brand, { value: this.#source })
  }

  /** The files, in the order of their paths' bytes. */
  async files(): Promise<readonly DirectoryFile[]> {
    return (await this.#source.tree()).files
  }

  /**
   * Reads a file by its path in the directory.
   * @throws StackError `not-found`, `checksum-mismatch`.
   */
  async read(path: string): Promise<Uint8Array> {
    return (await this.#open(path)).bytes()
  }

  /** Reads a file as UTF-8. */
  async readText(path: string): Promise<string> {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await this.read(path))
  }

  /** A file's bytes as they come, verified when their end is reached. */
  async stream(path: string): Promise<ReadableStream<Uint8Array>> {
    return (await this.#open(path)).stream()
  }

  /**
   * Writes all of it into a directory, which is made unless it is there and empty, and gives the directory's absolute path.
   * What fails leaves it as it was.
   * @throws StackError `already-exists` where something is in it, `checksum-mismatch`.
   */
  async downloadTo(directory: string): Promise<string> {
    await downloadTree(this.#source, resolve(directory))
    return resolve(directory)
  }

  async #open(path: string): Promise<OpenedFile> {
    const opened = await this.#source.open(path)
    if (opened !== null) return opened
    const paths = (await this.files()).map((file) => file.path)
    const shown = JSON.stringify(path.slice(0, 200))
    throw new StackError('not-found', `The directory "${this.name}" has no file ${shown}.${didYouMean(path, paths)}`, {
      hint: 'Its files are those that files() gives; a path is relative to the directory.',
    })
  }

  static readonly '~standard': StandardSchemaV1.Props<ArtifactDirectory> = {
    version: 1,
    vendor: 'stack',
    validate: (value) =>
      isArtifactDirectory(value)
        ? { value }
        : { issues: [{ message: 'it must be an ArtifactDirectory: new ArtifactDirectory(path)' }] },
  }
}

/** Recognises a directory of any copy of this package. */
export function isArtifactDirectory(value: unknown): value is ArtifactDirectory {
  return isBranded(value, brand)
}

/** Where a directory is kept. */
export function directorySource(directory: ArtifactDirectory): DirectorySource {
  return (directory as unknown as { readonly [brand]: DirectorySource })[brand]
}
