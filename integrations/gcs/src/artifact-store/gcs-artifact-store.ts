/** The artifact store on a bucket: loads what speaks to the server, and connects, when it is first used. */
import { ArtifactStore, type ArtifactStoreDriver } from '@stack/core'
import type { GcsArtifactStoreConfig } from './config.js'

export class GcsArtifactStore extends ArtifactStore<GcsArtifactStoreConfig> {
  protected override async connect(): Promise<ArtifactStoreDriver> {
    const { makeDriver } = await import('./client.js')
    return makeDriver(this.config, this.root, this.projectRoot)
  }
}
