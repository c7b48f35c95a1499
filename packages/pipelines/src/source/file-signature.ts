/** What tells whether a file is still the same. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'

/** Of a file that need not be read: changes whenever it is written or replaced; null where there is none. */
export function fileSignature(path: string): string | null {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path)
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`
  } catch {
    return null
  }
}

/** `sha256:<hex>` of a file's content, or undefined where it cannot be read; a pipe or device, which may never end, is no file. */
export function fileHash(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined
    return sourceHash(readFileSync(path))
  } catch {
    return undefined
  }
}

/** `sha256:<hex>` of a source's content. */
export function sourceHash(contents: Uint8Array): string {
  return `sha256:${createHash('sha256').update(contents).digest('hex')}`
}
