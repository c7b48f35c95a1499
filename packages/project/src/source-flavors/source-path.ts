/** Reads how a custom flavor is named on the command line: `flavors/my-flavor.ts#MyFlavor`, or `flavors.my_flavor.MyFlavor`. */
import { statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { StackError } from '@stack/core'

/** The export of a file of the project. */
export interface SourcePath {
  /** Absolute. */
  readonly file: string
  /** Relative to the project root, with `/`. */
  readonly relativeFile: string
  /** Undefined where none was named. */
  readonly exportName: string | undefined
}

/** What a source file may end with, in the order in which the dotted form is tried. */
const extensions = ['.ts', '.mts', '.js', '.mjs']

/** `flavors.my_flavor.MyFlavor`: names of a Python module path. */
const dottedForm = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/

/**
 * Finds the file a source path names.
 * @throws StackError `not-found` where there is no such file, `invalid-path` where it is outside of the project.
 */
export function parseSourcePath(projectRoot: string, source: string): SourcePath {
  const isFile = source.includes('#') || source.includes('/') || extensions.some((ending) => source.endsWith(ending))
  if (!isFile && dottedForm.test(source)) return fromDotted(projectRoot, source)
  const [path = '', exportName] = splitAtHash(source)
  return located(projectRoot, requireFile(projectRoot, [path], source), exportName)
}

function fromDotted(projectRoot: string, source: string): SourcePath {
  const parts = source.split('.')
  const path = parts.slice(0, -1).join('/')
  const names = [path, path.replaceAll('_', '-')]
  const candidates = names.flatMap((name) => extensions.map((extension) => name + extension))
  return located(projectRoot, requireFile(projectRoot, [...new Set(candidates)], source), parts.at(-1))
}

function splitAtHash(source: string): readonly [string, string | undefined] {
  const hash = source.lastIndexOf('#')
  return hash < 0 ? [source, undefined] : [source.slice(0, hash), source.slice(hash + 1) || undefined]
}

function requireFile(projectRoot: string, candidates: readonly string[], source: string): string {
  const found = candidates.map((candidate) => resolve(projectRoot, candidate)).find(isFile)
  if (found !== undefined) return found
  const looked = candidates.slice(0, 4).map((candidate) => join(projectRoot, candidate))
  throw new StackError('not-found', `There is no file for the source "${source.slice(0, 200)}".`, {
    hint: `Looked for ${looked.join(', ')}. Name it as flavors/my-flavor.ts#MyFlavor, relative to the project.`,
  })
}

function located(projectRoot: string, file: string, exportName: string | undefined): SourcePath {
  const inside = relative(projectRoot, file)
  if (inside.startsWith(`..${sep}`) || inside === '..' || isAbsolute(inside))
    throw new StackError('invalid-path', `"${file}" is outside of the project ${projectRoot}.`, {
      hint: 'Keep the flavor in the project, for instance in flavors/.',
    })
  return { file, relativeFile: inside.split(sep).join('/'), exportName }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
