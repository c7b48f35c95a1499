/** Makes a directory a project. */
import { existsSync } from 'node:fs'
import { FlavorRegistry } from '@stack/core/host'
import { ProjectDatabase } from '../records/project-database.js'
import { defaultStack, localFlavorVersion } from '../stacks/default-stack.js'
import { projectPaths } from './project-directory.js'

/** What a new project is made with. */
export interface InitProjectOptions {
  /** Absolute directories of the flavor packages the program carries. */
  readonly builtins?: readonly string[]
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
 * @throws StackError `database-corrupt`, `database-newer`, `permission-denied`, `no-space`
 */
export async function initProject(root: string, options: InitProjectOptions = {}): Promise<InitialisedProject> {
  const file = projectPaths(root).database
  const created = !existsSync(file)
  const registry = new FlavorRegistry({ projectRoot: root, builtins: options.builtins ?? [] })
  const database = new ProjectDatabase({ root, file, initialRecords: () => defaultStack(localFlavorVersion(registry)) })
  try {
    database.write()
    if (!created) database.check()
  } finally {
    database.close()
  }
  return { root, created }
}
