/** Makes local stores in directories of their own. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@stack/core'
import { localArtifactStoreConfig } from '../../src/artifact-store/config.js'
import { LocalArtifactStore } from '../../src/artifact-store/local-artifact-store.js'

/** A new directory. */
export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'stack-store-'))
}

/** A store on a path, read from a project's root. */
export function localStore(
  path: string,
  options: { projectRoot?: string; durable?: boolean } = {},
): LocalArtifactStore {
  return new LocalArtifactStore({
    id: 'store',
    name: 'store',
    config: localArtifactStoreConfig.parse({ path, durable: options.durable ?? false }),
    settings: {},
    projectRoot: options.projectRoot ?? '/',
    log: silentLog,
  })
}
