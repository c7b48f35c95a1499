/** An opened project: its records, flavors, components and stacks. */
import { existsSync } from 'node:fs'
import type { RecordStore, SourceFlavorRecord, SourceLoader } from '@stack/core'
import { FlavorRegistry, type Warning } from '@stack/core/host'
import { Components } from './components/components.js'
import { damageReporter } from './records/damaged-record.js'
import { ProjectDatabase } from './records/project-database.js'
import { SqliteRecordStore } from './records/sqlite-record-store.js'
import { projectPaths } from './root/project-directory.js'
import { createImporter } from './source-flavors/import-flavor.js'
import { SourceFlavors } from './source-flavors/source-flavors.js'
import { defaultStack, localFlavorVersion } from './stacks/default-stack.js'
import { Stacks } from './stacks/stacks.js'

/** How to open a project. */
export interface OpenProjectOptions {
  /** The project's directory, see `findProject`. */
  readonly root: string
  /** Absolute directories of the flavor packages the program carries. */
  readonly builtins?: readonly string[]
  /** Loads the flavors that are registered by source; without one they are listed and described only. */
  readonly sourceLoader?: SourceLoader
  /** Where `STACK_ACTIVE_STACK` is looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Refuses every write with `permission-denied`. */
  readonly readOnly?: boolean
  /** Takes what does not stop the work: a damaged record that a list leaves out. */
  readonly onWarning?: (warning: Warning) => void
}

/** A project on disk. Reading it never makes anything; the first write makes what `initProject` makes. */
export interface Project {
  readonly root: string
  readonly records: RecordStore
  /** The flavors as they are known without running code. */
  readonly registry: FlavorRegistry
  readonly components: Components
  readonly stacks: Stacks
  readonly sourceFlavors: SourceFlavors
  close(): Promise<void>
}

/**
 * Opens the project at a directory, which need not be one yet.
 * @throws StackError `database-corrupt`, `database-newer`, `permission-denied`
 */
export async function openProject(options: OpenProjectOptions): Promise<Project> {
  const { root, builtins = [], sourceLoader, env = process.env, readOnly = false, onWarning = () => {} } = options
  const paths = projectPaths(root)
  const registryOf = (sourceFlavors: readonly SourceFlavorRecord[]) =>
    new FlavorRegistry({ projectRoot: root, builtins, sourceFlavors, ...(sourceLoader ? { sourceLoader } : {}) })

  let registry = registryOf([])
  const database = new ProjectDatabase({
    root,
    file: paths.database,
    initialRecords: () => defaultStack(localFlavorVersion(registry)),
    readOnly,
  })
  const records = new SqliteRecordStore(database, damageReporter(onWarning))
  if (existsSync(paths.database)) registry = registryOf(await records.listSourceFlavors())

  const sourceFlavors = new SourceFlavors({
    root,
    records,
    registry: () => registry,
    importFlavor: createImporter(root, sourceLoader),
    onChange: (changed) => {
      registry = registryOf(changed)
    },
  })
  const context = {
    records,
    registry: () => registry,
    freshRegistry: async () => {
      await sourceFlavors.refresh()
      return registry
    },
  }
  return {
    root,
    records,
    get registry() {
      return registry
    },
    components: new Components(context),
    stacks: new Stacks({
      ...context,
      initialise: () => void database.write(),
      choiceFile: paths.activeStack,
      env,
    }),
    sourceFlavors,
    close: () => records.close(),
  }
}
