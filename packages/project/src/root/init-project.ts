/** Makes a directory a project. */
import { existsSync } from 'node:fs'
import { ProjectDatabase } from '../records/project-database.js'
import { defaultStack } from '../stacks/default-stack.js'
import { projectPaths } from './project-directory.js'

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
export async function initProject(root: string): Promise<InitialisedProject> {
  const file = projectPaths(root).database
  const created = !existsSync(file)
  const database = new ProjectDatabase({ root, file, initialRecords: () => defaultStack(null) })
  try {
    database.write()
    if (!created) database.check()
  } finally {
    database.close()
  }
  return { root, created }
}
