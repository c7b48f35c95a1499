/** The project's own directory, `.stack/`: what lies where in it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromFileError } from '../records/to-stack-error.js'

/** Absolute paths of what a project keeps. */
export interface ProjectPaths {
  readonly directory: string
  readonly database: string
  readonly artifacts: string
  readonly cache: string
  readonly activeStack: string
}

export function projectPaths(root: string): ProjectPaths {
  const directory = join(root, '.stack')
  return {
    directory,
    database: join(directory, 'project.db'),
    artifacts: join(directory, 'artifacts'),
    cache: join(directory, 'cache'),
    activeStack: join(directory, 'active-stack'),
  }
}

/** Makes `.stack/`, which tells git by itself to ignore it. */
export function makeProjectDirectory(root: string): void {
  const { directory } = projectPaths(root)
  try {
    mkdirSync(directory, { recursive: true })
    const gitignore = join(directory, '.gitignore')
    if (!existsSync(gitignore)) writeFileSync(gitignore, '*\n')
  } catch (error) {
    throw fromFileError(error, directory)
  }
}
