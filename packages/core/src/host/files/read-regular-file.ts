/** Reads a file that a stranger may have put in its place: no pipe, no device, and never more than a limit. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** The text of a file, or why it is not read. */
export type RegularFile = { readonly text: string } | { readonly fault: string }

/** Package.json files, schemas and config files beyond this size (bytes) are refused. */
export const fileSizeLimit = 1024 * 1024

// A pipe without a writer would hold the program where it is opened.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

/**
 * Reads a regular file of at most 1 MiB as text.
 * @throws the error of the file system where it cannot be opened or read.
 */
export function readRegularFile(path: string): RegularFile {
  const file = openSync(path, flags)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) return { fault: 'it is no regular file' }
    if (stats.size > fileSizeLimit) return { fault: 'it is larger than 1 MiB' }
    // One byte more than there is, so that the end is seen; files of /proc have no size, and others may grow meanwhile.
    let bytes = Buffer.allocUnsafe(stats.size + 1)
    let length = 0
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null)
      length += read
      if (length > fileSizeLimit) return { fault: 'it is larger than 1 MiB' }
      if (read === 0) return { text: bytes.toString('utf8', 0, length) }
      if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(length * 2 + 4096, fileSizeLimit + 1))
    }
  } finally {
    closeSync(file)
  }
}
