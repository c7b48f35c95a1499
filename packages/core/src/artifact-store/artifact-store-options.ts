/** What the verbs of an artifact store take and give. */
import type { OperationOptions, Stat } from './driver.js'
import type { ReadSelection } from './read-object.js'
import type { TransferOptions } from './transfer-options.js'

/** A path inside a store: relative to its root, absolute, a URI or a URL. */
export type ArtifactPath = string | URL

/** What `stat` and `entries` tell. */
export interface ArtifactEntry extends Stat {
  /** The last segment of the key. */
  readonly name: string
  /** The full path, in the form the caller used. */
  readonly path: string
}

/** Options of `read`, `readInto` and `download`. */
export interface ReadOptions extends OperationOptions, ReadSelection, TransferOptions {
  /** `sha256:<hex>` of what is read: anything else is `checksum-mismatch`, after one more try. */
  readonly checksum?: string
}

/** Options of `stream`. */
export interface StreamOptions extends OperationOptions, ReadSelection {}

/** Options of `write`. */
export interface WriteOptions extends OperationOptions, TransferOptions {
  /** Create only: `already-exists` where the object exists; of several at once exactly one wins. */
  readonly ifAbsent?: boolean
  /** Replace only this version of the object: `precondition-failed` where it has another or is absent. */
  readonly ifMatch?: string
  /** Kept where the store keeps metadata. */
  readonly contentType?: string
  /** `unsupported` where the store keeps none. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Options of `copyfile` and `rename`. */
export interface MoveOptions extends OperationOptions {
  /** Replace what is there; without it that is `already-exists`. */
  readonly overwrite?: boolean
}
