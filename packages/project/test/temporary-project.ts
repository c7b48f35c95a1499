/** A project directory of a test's own, gone when the test ends. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type OpenProjectOptions, openProject, type Project } from '../src/project.js'
import { ProjectDatabase } from '../src/records/project-database.js'
import { SqliteRecordStore } from '../src/records/sqlite-record-store.js'
import { projectPaths } from '../src/root/project-directory.js'
import { defaultStack } from '../src/stacks/default-stack.js'

export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'stack-test-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The records of the project at a directory; closed when the test ends. */
export function openRecords(root: string): SqliteRecordStore {
  const store = new SqliteRecordStore(
    new ProjectDatabase({ root, file: projectPaths(root).database, initialRecords: () => defaultStack('1.0.0') }),
  )
  onTestFinished(() => store.close())
  return store
}

const localFlavors = fileURLToPath(new URL('../../../integrations/local', import.meta.url))

/** The project at a directory, with the local flavors built in; closed when the test ends. */
export async function openTestProject(root: string, options: Partial<OpenProjectOptions> = {}): Promise<Project> {
  const project = await openProject({ root, builtins: [localFlavors], env: {}, ...options })
  onTestFinished(() => project.close())
  return project
}
