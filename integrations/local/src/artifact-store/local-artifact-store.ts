/** The artifact store that keeps its objects in a directory of this machine. */
import { ArtifactStore, type ArtifactStoreDriver, localRootPath } from '@stack/core'
import type { LocalArtifactStoreConfig } from './config.js'
import { LocalDriver } from './local-driver.js'

export class LocalArtifactStore extends ArtifactStore<LocalArtifactStoreConfig> {
  protected override connect(): ArtifactStoreDriver {
    return new LocalDriver(localRootPath(this.root), { durable: this.config.durable })
  }
}
