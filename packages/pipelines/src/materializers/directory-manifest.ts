/** The manifest of a stored directory: the same text, and so the same hash, for the same files wherever they came from. */
import { StackError } from '@stack/core'
import type { DirectoryFile } from './directory-tree.js'
import { isPathBelow } from './file-name.js'
import type { StoredFile } from './materializer.js'

/** A file as a manifest lists it. */
export type ManifestFile = StoredFile & DirectoryFile

/** What is in a stored directory. */
export interface DirectoryManifest {
  readonly version: 1
  /** In the order of their paths' bytes. */
  readonly files: readonly ManifestFile[]
  readonly emptyDirectories: readonly string[]
}

/** Writes files and empty directories, which are in order, as JSON. */
export function writeManifest(files: readonly ManifestFile[], emptyDirectories: readonly string[]): string {
  return JSON.stringify({
    version: 1,
    files: files.map(({ path, size, contentHash, executable }) => ({
      path,
      size,
      contentHash,
      ...(executable === undefined ? {} : { executable }),
    })),
    emptyDirectories,
  })
}

/**
 * Reads a manifest.
 * @throws StackError `unsupported` for one of another version, `invalid-path` for a path that leads out of the directory.
 */
export function parseManifest(text: string): DirectoryManifest {
  const manifest = JSON.parse(text) as DirectoryManifest
  if (manifest.version !== 1) {
    throw new StackError('unsupported', 'A directory was stored in a way that this version does not know.', {
      hint: 'npm install @stack/pipelines@latest',
    })
  }
  const outside = [...manifest.files.map(({ path }) => path), ...manifest.emptyDirectories].find(
    (path) => !isPathBelow(path),
  )
  if (outside === undefined) return manifest
  throw new StackError('invalid-path', `A stored directory lists ${JSON.stringify(outside)}, which leads out of it.`)
}
