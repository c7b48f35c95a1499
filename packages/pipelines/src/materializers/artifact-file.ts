/** A file as a value: a step gives the path of one it wrote, a later step gets a path of its own. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Readable } from 'node:stream'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { lookup } from 'mrmime'
import { isBranded, recogniseByBrand } from './brand.js'
import { checkFileName } from './file-name.js'

const brand = Symbol.for('@stack/pipelines/artifact-file')

/** What a file may say of itself beside its path. */
export interface ArtifactFileOptions {
  /** The name later steps find it under; the path's last segment unless given. */
  readonly name?: string
  /** An IANA media type; guessed from the name unless given. */
  readonly mediaType?: string
}

/**
 * A file of this machine. As a step's output its content is stored; a later step gets a copy at a temporary path under the
 * same name, which is its own until the process ends. The class is a Standard Schema too: `output: ArtifactFile`.
 */
export class ArtifactFile {
  static {
    recogniseByBrand(ArtifactFile, brand)
  }

  /** Absolute. */
  readonly path: string
  readonly name: string
  readonly mediaType: string

  constructor(path: string, options: ArtifactFileOptions = {}) {
    this.path = resolve(path)
    this.name = checkFileName(options.name ?? basename(this.path))
    this.mediaType = options.mediaType ?? lookup(this.name) ?? 'application/octet-stream'
    Object.defineProperty(this, brand, { value: true })
  }

  bytes(): Promise<Uint8Array> {
    return readFile(this.path)
  }

  text(): Promise<string> {
    return readFile(this.path, 'utf8')
  }

  stream(): ReadableStream<Uint8Array> {
    return Readable.toWeb(createReadStream(this.path)) as ReadableStream<Uint8Array>
  }

  static readonly '~standard': StandardSchemaV1.Props<ArtifactFile> = {
    version: 1,
    vendor: 'stack',
    validate: (value) =>
      isArtifactFile(value)
        ? { value }
        : { issues: [{ message: 'it must be an ArtifactFile: new ArtifactFile(path)' }] },
  }
}

/** Recognises a file of any copy of this package. */
export function isArtifactFile(value: unknown): value is ArtifactFile {
  return isBranded(value, brand)
}
