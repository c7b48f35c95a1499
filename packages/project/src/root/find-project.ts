/** Finds the directory of the project a command is about. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { StackError } from '@stack/core'

/** Where to look. */
export interface FindProjectOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What `--project` gave. */
  readonly project?: string | undefined
}

/** A project's root, and what is to be said about it. */
export interface FoundProject {
  readonly root: string
  /** Whether `.stack/` is there. */
  readonly initialised: boolean
  readonly warning?: { readonly code: string; readonly message: string; readonly hint?: string }
}

/**
 * The project given by `--project`, else by `STACK_PROJECT`, else the nearest directory upward that has a `.stack/`, else
 * the current directory with a warning that names it.
 * @throws StackError `not-found` where a given directory is none.
 */
export function findProject(options: FindProjectOptions): FoundProject {
  const given = options.project ?? (options.env.STACK_PROJECT || undefined)
  if (given !== undefined) return givenProject(resolve(options.cwd, given))
  const root = searchUpward(resolve(options.cwd))
  if (root !== undefined) return { root, initialised: true }
  return {
    root: resolve(options.cwd),
    initialised: false,
    warning: {
      code: 'not-initialised',
      message: `No project was found; the current directory is used: ${resolve(options.cwd)}`,
      hint: 'Make it a project with `stack init`, or name one with --project DIR.',
    },
  }
}

function givenProject(root: string): FoundProject {
  if (isDirectory(root)) return { root, initialised: isProject(root) }
  throw new StackError('not-found', `There is no directory "${root}" to be the project.`, {
    hint: 'Check --project and STACK_PROJECT.',
  })
}

function searchUpward(from: string): string | undefined {
  let directory = from
  while (!isProject(directory)) {
    const parent = dirname(directory)
    if (parent === directory) return undefined
    directory = parent
  }
  return directory
}

function isProject(directory: string): boolean {
  return isDirectory(join(directory, '.stack'))
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
