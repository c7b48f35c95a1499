/** Makes a directory a project. */
import { existsSync } from 'node:fs'
import { FlavorRegistry } from '@stack/core/host'
import { ProjectDatabase } from '../records/project-database.js'
import { defaultStack, localFlavorVersion } from '../stacks/default-stack.js'
import { makeProjectDirectory, projectPaths } from './project-directory.js'

/** What a new project is made with. */
export interface InitProjectOptions {
  /** Absolute directories of the flavor packages the program carries. */
  readonly builtins?: readonly string[]
  /** Makes the project for a group: `.stack/` and what is made in it may be read and written by the group it belongs to. */
  readonly shared?: boolean
}

/** What {@link initProject} did. */
export interface InitialisedProject {
  readonly root: string
  /** False where the directory was a project already; nothing was changed then. */
  readonly created: boolean
}

/**
 * Makes `.stack/` with its database and the default stack where they are not there yet; any number of processes may at once.
 * A database that is there is checked.
 * @throws StackError `database-corrupt`, `database-newer`, `permission-denied`, `no-space`; `already-exists` where a project
 * that is not shared shall be.
 */
export async function initProject(root: string, options: InitProjectOptions = {}): Promise<InitialisedProject> {
  const { builtins = [], shared = false } = options
  const file = projectPaths(root).database
  const created = !existsSync(file)
  // Refuses to share what is there and is not shared.
  if (shared) makeProjectDirectory(root, { shared })
  const registry = new FlavorRegistry({ projectRoot: root, builtins })
  const database = new ProjectDatabase({ root, file, initialRecords: () => defaultStack(localFlavorVersion(registry)) })
  try {
    database.write()
    if (!created) database.check()
  } finally {
    database.close()
  }
  return { root, created }
}
