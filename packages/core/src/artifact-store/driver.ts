/** The primitives a flavor of artifact store implements, on validated keys relative to the store's root. */
import type { ErrorCode } from '../errors/codes.js'

/** Cancels an operation; every I/O method takes it. */
export interface OperationOptions {
  readonly signal?: AbortSignal
  /** Milliseconds after which the operation rejects with `timed-out`. */
  readonly timeoutMs?: number
}

/** What a driver is given to do something by. */
export interface DriverOptions extends OperationOptions {
  /**
   * Called by a driver that goes on after what it writes is there, as to sync a directory: then neither an abort nor the
   * time limit ends the operation any more.
   */
  readonly published?: () => void
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
  /** Of the whole object: `crc32:<base64>`, `crc32c:<base64>` or `sha256:<hex>`, where the store keeps one. */
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

/**
 * Is shown what has just been put into a target, piece by piece from its beginning, each once, while the processor's cache still
 * holds it. A driver need not show the target to its end.
 */
export type Placed = (piece: Uint8Array) => void

/** An object opened for reading; its body is read once, through `body`, `into` or `bytes`. */
export interface GetResult {
  readonly stat: Stat
  /** The bytes the body holds, end exclusive. */
  readonly range: { readonly start: number; readonly end: number }
  readonly body: () => ReadableStream<Uint8Array>
  /** Reads the whole body into the target and gives the count of bytes. */
  readonly into: (target: Uint8Array, placed?: Placed) => Promise<number>
  /**
   * Reads the next bytes into the target and gives their count, which is smaller only at the end, where the driver has a
   * shorter way to them than `body`. It compares no checksum: whoever reads so does.
   */
  readonly next?: (target: Uint8Array, placed?: Placed) => Promise<number>
  /** The whole body as bytes that are the caller's own, where the driver has a shorter way to them than `into`. */
  readonly bytes?: () => Promise<Uint8Array>
  /** Releases what an unread body holds. */
  readonly close: () => Promise<void>
}

/** What can be read as often as it takes: bytes, or `size` bytes of a local file from `start` on (0 unless told). */
export type PartSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly start?: number; readonly size: number }

/**
 * What a driver is given to write. A stream, whose length may be unknown, only a driver without `multipart` is given: for
 * any other, core gathers it into parts.
 */
export type PutSource =
  | PartSource
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<Uint8Array>; readonly size?: number }

/** Options of a driver's `put`. */
export interface PutOptions extends DriverOptions {
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

/** A part that has arrived. */
export interface PartResult {
  /** From 1. */
  readonly number: number
  /** Bytes. */
  readonly size: number
  /** What the server calls it, where it does. */
  readonly version?: string
  /** `crc32:<base64>` or `crc32c:<base64>` of the part, where one was sent. */
  readonly checksum?: string
}

/** Options of a part. */
export interface PartOptions extends OperationOptions {
  readonly last: boolean
  /** What `checksum` gave for it. */
  readonly checksum?: string | undefined
}

/** An object that arrives in parts; it appears when it is completed, under the conditions that it was begun with. */
export interface MultipartUpload {
  /** Bytes of a part; the last may be smaller. `multiple` is what each but the last has to be a multiple of. */
  readonly partSize: { readonly min: number; readonly max: number; readonly multiple?: number }
  readonly maxParts: number
  /** Parts are taken one at a time, in order of their numbers. */
  readonly inOrder?: boolean
  /**
   * The checksum that a part is sent with, where it takes reading the part: asked for while parts before it are on their way,
   * and given back with it.
   */
  checksum?(source: PartSource, options: OperationOptions): Promise<string | undefined>
  part(number: number, source: PartSource, options: PartOptions): Promise<PartResult>
  /** Takes the parts in order of their numbers; throws what `put` throws. */
  complete(parts: readonly PartResult[], options: OperationOptions): Promise<PutResult>
  /** Removes what has arrived; that nothing is left of it any more is a success. */
  abort(): Promise<void>
}

/** What a writer that was killed left behind: never visible as an object, but kept by the server or the disk. */
export interface UnfinishedUpload {
  readonly key: string
  readonly startedAt: Date
  abort(options: OperationOptions): Promise<void>
}

/** What `presign` is asked for. */
export interface PresignOptions extends OperationOptions {
  readonly method: 'GET' | 'PUT'
  /** Seconds. */
  readonly expiresIn: number
}

/** A request that anybody may send for a while. */
export interface PresignedRequest {
  readonly url: string
  readonly method: 'GET' | 'PUT'
  /** Have to be sent with it. */
  readonly headers: Readonly<Record<string, string>>
  readonly expiresAt: Date
}

/** One thing that `verify` tried. */
export interface VerifyCheck {
  /** Short and stable, as in `conditional-create`. */
  readonly name: string
  readonly status: 'ok' | 'failed' | 'warning'
  /** What was found, in a phrase. */
  readonly message: string
  /** The error's code, where the check failed with one. */
  readonly code?: ErrorCode
  /** What to do about it. */
  readonly hint?: string
}

/** A CRC of 32 bits: of some bytes, going on from that of the bytes before them. */
export interface Crc {
  readonly name: 'crc32' | 'crc32c'
  of(bytes: Uint8Array, previous?: number): number
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

/** The names in one directory, each kind in the order of a listing. */
export interface DirectoryNames {
  readonly directories: string[]
  readonly files: string[]
  /** Those of them that are symbolic links. */
  readonly links: ReadonlySet<string>
}

/** Options of a driver's `copy`. */
export interface CopyOptions extends DriverOptions {
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
  /** The CRC in `Stat.checksum`, where one is kept: what core reads in ranges is checked against it. */
  readonly crc?: Crc
  /** Throws `usage` for metadata that is more than the store takes, before anything of a write is begun. */
  checkMetadata?(metadata: Readonly<Record<string, string>>): void
  head(key: string, options: OperationOptions): Promise<Stat | null>
  /** Throws `not-found` and `is-a-directory`. */
  get(key: string, options: GetOptions): Promise<GetResult>
  /** Makes parents; an interrupted write leaves the object as it was. */
  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult>
  /**
   * Every key below the directory `prefix`, in key order; nothing where it is absent. Keys come as the store has them: core hides
   * those that no path can name (`a//x`), and an object that marks a directory is a file of the key `directory/`.
   */
  list(prefix: string, options: ListOptions): AsyncIterable<Page>
  /** Deletes objects, also of keys that only `list` gave; an absent key is a success. */
  delete(keys: readonly string[], options: OperationOptions): Promise<DeleteResult>
  /** Copies one object, content type and metadata included; also one of a key that only `list` gave. */
  copy(from: string, to: string, options: CopyOptions): Promise<PutResult>
  /** Where it is quicker than a list of one level, for walks: nothing where the directory is absent or a file. */
  names?(key: string, options: OperationOptions): Promise<DirectoryNames>
  /** Where the store takes fewer keys than core: whether it takes this one. Core hides the others. */
  takes?(key: string): boolean
  /** What `list` leaves out because no path can name it, for a person to read: `verify` counts it. */
  hidden?(options: OperationOptions): AsyncIterable<string>
  /** Where directories exist by themselves: make one and its parents; `already-exists` where the name is taken. */
  makeDirectory?(key: string, options: DriverOptions): Promise<void>
  /** Where directories exist by themselves: remove one with all below it; throws `not-found` and `not-a-directory`. */
  removeTree?(key: string, options: OperationOptions): Promise<void>
  /** Where the store can: rename a file or a directory, parents made. */
  rename?(from: string, to: string, options: CopyOptions): Promise<void>
  /** For sources larger than one request should carry; nothing is visible until it is completed. */
  multipart?(key: string, options: PutOptions): Promise<MultipartUpload>
  /** Where the store lies on this machine: copy an object to a file, faster than through its body. Throws as `get`. */
  download?(key: string, file: string, options: Omit<GetOptions, 'range'>): Promise<Stat>
  presign?(key: string, options: PresignOptions): Promise<PresignedRequest>
  /** The uploads below the root that were begun and neither completed nor aborted. */
  unfinishedUploads?(options: OperationOptions): AsyncIterable<UnfinishedUpload>
  /** What `verify` tries of this kind of store, beyond what it tries of every store. It leaves nothing behind. */
  verify?(options: OperationOptions): AsyncIterable<VerifyCheck>
  dispose?(): Promise<void>
}
