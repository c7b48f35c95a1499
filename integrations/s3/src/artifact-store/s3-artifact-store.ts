/** The artifact store on a bucket: loads what speaks to the server, and connects, when it is first used. */
import { ArtifactStore, type ArtifactStoreDriver } from '@stack/core'
import type { S3ArtifactStoreConfig } from './config/config.js'

export class S3ArtifactStore extends ArtifactStore<S3ArtifactStoreConfig> {
  protected override async connect(): Promise<ArtifactStoreDriver> {
    const { openDriver } = await import('./open-driver.js')
    return openDriver(this.config, this.root)
  }
}
