/** Tells whether the files of a source flavor are still those it was imported from. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'

/** `sha256:<hex>` by file, relative to the project root. */
export type FileHashes = Readonly<Record<string, string>>

/** Hashes by absolute path, as a source loader gives them, made relative to the project root. */
export function relativeHashes(root: string, files: FileHashes): FileHashes {
  return Object.fromEntries(
    Object.entries(files).map(([file, hash]) => [relative(root, file).split(sep).join('/'), hash]),
  )
}

/** Says whether every file is there with the same content. */
export function isUnchanged(root: string, files: FileHashes): boolean {
  return Object.entries(files).every(([file, hash]) => hashOf(resolve(root, file)) === hash)
}

function hashOf(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return undefined
    return `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`
  } catch {
    return undefined
  }
}
