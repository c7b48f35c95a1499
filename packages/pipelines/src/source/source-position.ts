/** Places in a user's files, as they are shown. */
import { relative, sep } from 'node:path'

/** A place in a file; lines and columns count from 1. */
export interface SourcePosition {
  /** Absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A path relative to the project where it is inside, with `/`. */
export function displayPath(path: string, projectRoot: string): string {
  const inside = relative(projectRoot, path)
  return inside === '' || inside.startsWith('..') ? path : inside.split(sep).join('/')
}

/** `file:line:column`. */
export function displayPosition({ file, line, column }: SourcePosition, projectRoot: string): string {
  return `${displayPath(file, projectRoot)}:${line}:${column}`
}
