/** Finds the directory of the project a command is about. */
import { type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { StackError } from '@stack/core'
import { requireTrusted } from '@stack/core/host'
import { projectPaths } from './project-directory.js'

/** What decides, in a project's root, which code is run. */
const usedOfRoot = ['package.json', 'node_modules', 'tsconfig.json', 'jsconfig.json', 'pnpm-workspace.yaml']

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
 * the current directory with a warning that names it. A directory that was not given by name must hold a `.stack/` of the
 * user's own, and nothing that would be used and belongs to a third user.
 * @throws StackError `not-found` where a given directory is none, `permission-denied` where another user's is found.
 */
export function findProject(options: FindProjectOptions): FoundProject {
  const given = options.project ?? (options.env.STACK_PROJECT || undefined)
  if (given !== undefined) return givenProject(resolve(options.cwd, given))
  const cwd = resolve(options.cwd)
  const root = searchUpward(cwd)
  requireOwnProject(root ?? cwd, options.env)
  if (root !== undefined) return { root, initialised: true }
  return {
    root: cwd,
    initialised: false,
    warning: {
      code: 'not-initialised',
      message: `No project was found; the current directory is used: ${cwd}`,
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

/**
 * Checks a directory that nobody gave by name: its `.stack/` must be this user's, and as anybody may put a `node_modules` into
 * one such as /tmp, what would be used of it this user's or its owner's.
 * @throws StackError `permission-denied`
 */
export function requireOwnProject(root: string, env: FindProjectOptions['env']): void {
  requireTrusted(projectPaths(root).directory, { env })
  const owner = statsOf(root)?.uid ?? 0
  for (const name of usedOfRoot) requireTrusted(join(root, name), { env, owner })
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
  return isDirectory(projectPaths(directory).directory)
}

function isDirectory(path: string): boolean {
  return statsOf(path)?.isDirectory() === true
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
