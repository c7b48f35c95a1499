/** A local artifact store in a temporary directory, and outputs saved to it as a step's attempt would. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ArtifactStore, type CommittedOutput, silentLog } from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'
import { step } from '../../src/definition/step.js'
import type { StepDefinition } from '../../src/definition/step-definition.js'
import { loadOutput } from '../../src/materializers/load-output.js'
import { saveOutput } from '../../src/materializers/save-output.js'

/** A store with what tests do to it. */
export interface TestStore {
  readonly store: ArtifactStore
  /** A directory of the test's own, beside the store. */
  readonly directory: string
  /** Saves a value and gives what a commit keeps of it. */
  readonly save: (value: unknown, options?: { step?: StepDefinition; signal?: AbortSignal }) => Promise<CommittedOutput>
  readonly load: (output: CommittedOutput, signal?: AbortSignal) => Promise<unknown>
  /** Every file in the store, sorted. */
  readonly files: () => Promise<readonly string[]>
  readonly remove: () => Promise<void>
}

const plain = step({ name: 'make', run: () => 1 })

/** Makes one in a new temporary directory. */
export async function makeTestStore(): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'stack-outputs-'))
  const Store = (await localArtifactStoreFlavor.load()) as unknown as new (context: object) => ArtifactStore
  const config = localArtifactStoreFlavor.config.parse({ path: 'store', durable: false })
  const store = new Store({ id: 's', name: 's', config, settings: {}, projectRoot: directory, log: silentLog })
  let count = 0
  return {
    store,
    directory,
    async save(value, { step = plain, signal } = {}) {
      count += 1
      const output = await saveOutput(value, {
        name: 'output',
        step,
        store,
        directory: `runs/r${count}/make/1`,
        commitUri: `runs/r${count}/make/commit.json`,
        ...(signal === undefined ? {} : { signal }),
      })
      return JSON.parse(JSON.stringify(output)) as CommittedOutput
    },
    load: (output, signal) => loadOutput(output, { store, ...(signal === undefined ? {} : { signal }) }),
    async files() {
      const found: string[] = []
      if (!(await store.exists('runs'))) return found
      for await (const { path, files } of store.walk('runs')) found.push(...files.map((name) => `${path}/${name}`))
      return found.sort()
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
