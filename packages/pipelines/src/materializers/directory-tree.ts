/** What is in a directory, wherever it is kept. */
import type { FileTransfer } from './materializer.js'

/** A file of a directory. */
export interface DirectoryFile {
  /** Relative to the directory, with slashes. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Present where its owner may execute it. */
  readonly executable?: true
}

/** All that is in a directory. */
export interface DirectoryTree {
  /** In the order of their paths' bytes. */
  readonly files: readonly DirectoryFile[]
  /** Directories with nothing in them, in the same order. */
  readonly emptyDirectories: readonly string[]
}

/** A file opened for reading. */
export interface OpenedFile {
  /** Where it is, of a directory of this machine. */
  readonly localPath?: string
  bytes(): Promise<Uint8Array>
  stream(): ReadableStream<Uint8Array>
  /** Writes to a path where nothing is yet. */
  download(path: string, options?: FileTransfer): Promise<void>
}

/** Where a directory is kept. */
export interface DirectorySource {
  /** Where it is, of a directory of this machine. */
  readonly path?: string
  /** Lists it as it is now. */
  tree(): Promise<DirectoryTree>
  /** Opens a file that its tree lists; null where it lists none of that path. */
  open(path: string): Promise<OpenedFile | null>
}
