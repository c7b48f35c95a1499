/** The compiler options of a user's tsconfig that decide how their sources are bundled. */
import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StackError } from '@stack/core'
import { parseTsconfig } from 'get-tsconfig'
import { upward } from './installed-package.js'
import { displayPath } from './source-position.js'

/** What a bundle goes by. */
export interface CompilerOptions {
  /** The file to follow; `true` where it is named as the bundler looks for it. */
  readonly tsconfig: string | true
  /** Whether JSX calls the functions that the tsconfig names, as before React 17. */
  readonly classicJsx: boolean
  /** Conditions of `exports` beside Node's own. */
  readonly conditions: readonly string[]
  /** The patterns of `paths`. */
  readonly aliases: readonly string[]
}

/**
 * Reads the options that hold for a file, with what they extend.
 * @throws StackError `source-error` where the tsconfig is no file or not valid, or a file that it extends is absent.
 */
export function compilerOptions(file: string, projectRoot: string): CompilerOptions {
  const path = findConfig(file)
  const { jsx, customConditions = [], paths = {} } = path === undefined ? {} : readConfig(path, projectRoot)
  return {
    tsconfig: path === undefined || basename(path) === 'tsconfig.json' ? true : path,
    classicJsx: jsx === 'react',
    conditions: customConditions,
    aliases: Object.keys(paths),
  }
}

/** The nearest file upward. */
function findConfig(file: string): string | undefined {
  for (const directory of upward(dirname(file))) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const path = join(directory, name)
      if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path
    }
  }
  return undefined
}

function readConfig(path: string, projectRoot: string) {
  try {
    // To read a pipe may never end.
    if (!statSync(path).isFile()) throw new Error('it is no regular file.')
    return parseTsconfig(path).compilerOptions ?? {}
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StackError('source-error', `${displayPath(path, projectRoot)} cannot be read: ${reason}`, {
      hint: 'Correct it, or install what it extends.',
      cause,
    })
  }
}
