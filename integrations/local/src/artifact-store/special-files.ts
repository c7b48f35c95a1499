/** Pipes, sockets and devices: they stand in directories, and are no objects of a store. */
import { StackError } from '@stack/core'

interface Kinds {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

/**
 * Refuses what is neither a file, a directory nor a link: to open a pipe may wait for ever, and to read a device may act on it.
 * @throws StackError `unsupported`
 */
export function checkOrdinary(found: Kinds): void {
  if (found.isFile() || found.isDirectory() || found.isSymbolicLink()) return
  throw new StackError('unsupported', 'it is a pipe, a socket or a device, and neither a file nor a directory')
}
