/** The primitives a flavor of artifact store implements, on validated keys relative to the store's root. */

/** Cancels an operation; every I/O method takes it. */
export interface OperationOptions {
  readonly signal?: AbortSignal
  /** Milliseconds after which the operation rejects with `timed-out`. */
  readonly timeoutMs?: number
}

/** What a store can do, read by the runtime and by tests alike. */
export interface ArtifactStoreCapabilities {
  /** `ifAbsent` has exactly one winner, also between processes. */
  readonly conditionalCreate: boolean
  /** `ifMatch` is atomic between processes; within one process it always is. */
  readonly conditionalUpdate: boolean
  readonly rename: 'atomic' | 'copy-delete'
  readonly caseSensitive: boolean
  /** An empty directory exists by itself. */
  readonly emptyDirectories: boolean
  /** A name may be a file and a directory at once. */
  readonly fileAndDirectory: boolean
  /** User metadata is kept, and refused as `unsupported` where not; a content type is a hint that such a store ignores. */
  readonly metadata: boolean
  readonly presign: boolean
  readonly multipart: boolean
}

/** What is known of an object or a directory. */
export interface Stat {
  readonly key: string
  readonly kind: 'file' | 'directory'
  /** Bytes; 0 for a directory. */
  readonly size: number
  readonly modifiedAt?: Date
  /** Opaque; what `ifMatch` takes. */
  readonly version?: string
  readonly contentType?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** `sha256:<hex>` or `crc32c:<base64>`, where the store keeps one. */
  readonly checksum?: string
  /** A symbolic link: read through, but never descended into by a walk or `**`. */
  readonly link?: boolean
}

/** A range of bytes: `end` is exclusive; `suffix` counts from the end. */
export type ByteRange = { readonly start: number; readonly end?: number } | { readonly suffix: number }

/** Options of a driver's `get`. */
export interface GetOptions extends OperationOptions {
  /** Well-formed and not empty; the driver resolves it against the object's size with `resolveRange`. */
  readonly range?: ByteRange
  /** Fails with `precondition-failed` where the object has another version. */
  readonly ifMatch?: string
}

/** An object opened for reading; its body is read once, through `body`, `into` or `bytes`. */
export interface GetResult {
  readonly stat: Stat
  /** The bytes the body holds, end exclusive. */
  readonly range: { readonly start: number; readonly end: number }
  readonly body: () => ReadableStream<Uint8Array>
  /** Reads the whole body into the target and gives the count of bytes. */
  readonly into: (target: Uint8Array) => Promise<number>
  /** The whole body as bytes that are the caller's own, where the driver has a shorter way to them than `into`. */
  readonly bytes?: () => Promise<Uint8Array>
  /** Releases what an unread body holds. */
  readonly close: () => Promise<void>
}

/** What a driver is given to write: bytes, a local file, or a stream whose length may be unknown. */
export type PutSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<Uint8Array>; readonly size?: number }

/** Options of a driver's `put`. */
export interface PutOptions extends OperationOptions {
  /** Fails with `already-exists` where the object exists. */
  readonly ifAbsent?: boolean
  /** Fails with `precondition-failed` where the object has another version or is absent. */
  readonly ifMatch?: string
  readonly contentType?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** What a driver answers to a write. */
export interface PutResult {
  readonly size: number
  readonly version?: string
}

/** Options of a driver's `list`. */
export interface ListOptions extends OperationOptions {
  /** `/` to list one level: deeper keys come as directories. */
  readonly delimiter?: '/'
  /** Only keys after this one, in UTF-8 byte order. */
  readonly startAfter?: string
  /** Keys and kinds are enough: sizes, times and versions may be left out. */
  readonly kindsOnly?: boolean
}

/** One page of a listing, in UTF-8 byte order of keys, a directory counting as `name/`. */
export interface Page {
  readonly entries: readonly Stat[]
}

/** Options of a driver's `copy`. */
export interface CopyOptions extends OperationOptions {
  readonly ifAbsent?: boolean
}

/** What a driver answers to a batch delete: the keys it could not delete, and why. */
export interface DeleteResult {
  readonly failed: readonly { readonly key: string; readonly error: unknown }[]
}

/**
 * About eight primitives on validated, store-relative keys (`a/b/c`, no leading or trailing slash; the root is `''`).
 *
 * Absence is a value (`head` gives null), anything else throws a StackError whose message is the bare reason, a phrase
 * (`access is denied`): the base class says which verb failed on which URI. The signal ends what is going on.
 */
export interface ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  head(key: string, options: OperationOptions): Promise<Stat | null>
  /** Throws `not-found` and `is-a-directory`. */
  get(key: string, options: GetOptions): Promise<GetResult>
  /** Makes parents; an interrupted write leaves the object as it was. */
  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult>
  /** Every key below the directory `prefix`, in key order; nothing where it is absent. */
  list(prefix: string, options: ListOptions): AsyncIterable<Page>
  /** Deletes objects; an absent key is a success. */
  delete(keys: readonly string[], options: OperationOptions): Promise<DeleteResult>
  /** Copies one object, content type and metadata included. */
  copy(from: string, to: string, options: CopyOptions): Promise<PutResult>
  /** Where directories exist by themselves: make one and its parents; `already-exists` where the name is taken. */
  makeDirectory?(key: string, options: OperationOptions): Promise<void>
  /** Where directories exist by themselves: remove one with all below it; throws `not-found` and `not-a-directory`. */
  removeTree?(key: string, options: OperationOptions): Promise<void>
  /** Where the store can: rename a file or a directory, parents made. */
  rename?(from: string, to: string, options: CopyOptions): Promise<void>
  dispose?(): Promise<void>
}
