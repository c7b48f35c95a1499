/** Names that a file may have on any machine. */
import { StackError } from '@stack/core'

/**
 * Checks one name, without a folder.
 * @throws StackError `invalid-name`
 */
export function checkFileName(name: string): string {
  if (isFileName(name)) return name
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 40)) : `A ${typeof name}`
  throw new StackError('invalid-name', `${shown} cannot be the name of a file.`)
}

/** Says whether a path stays below the directory it is relative to, on any machine; segments are separated by slashes. */
export function isPathBelow(path: string): boolean {
  return typeof path === 'string' && path.split('/').every(isFileName)
}

/**
 * Checks a path that is relative to a directory.
 * @throws StackError `invalid-path` for one that leads out of it.
 */
export function checkPathBelow(path: string): string {
  if (isPathBelow(path)) return path
  const shown = typeof path === 'string' ? JSON.stringify(path.slice(0, 200)) : `a ${typeof path}`
  throw new StackError('invalid-path', `${shown} leads out of its directory.`)
}

function isFileName(name: string): boolean {
  return (
    typeof name === 'string' &&
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    !/[/\\\0]/.test(name) &&
    Buffer.byteLength(name) <= 255
  )
}
