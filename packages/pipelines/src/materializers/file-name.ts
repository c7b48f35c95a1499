/** Names that a file may have on any machine. */
import { StackError } from '@stack/core'

/**
 * Checks one name, without a folder.
 * @throws StackError `invalid-name`
 */
export function checkFileName(name: string): string {
  if (isFileName(name)) return name
  throw new StackError('invalid-name', `${JSON.stringify(name.slice(0, 40))} cannot be the name of a file.`)
}

/** Says whether a path stays below the directory it is relative to, on any machine; segments are separated by slashes. */
export function isPathBelow(path: string): boolean {
  return path.split('/').every(isFileName)
}

function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name) && Buffer.byteLength(name) <= 255
}
