/** The artifact store on a bucket: connects once, when it is first used. */
import { ArtifactStore, type ArtifactStoreDriver } from '@stack/core'
import { BucketLocation } from '@stack/object-http'
import { makeClient } from './client.js'
import type { S3ArtifactStoreConfig } from './config.js'
import { openCalls } from './open-calls.js'
import { S3Driver } from './s3-driver.js'

export class S3ArtifactStore extends ArtifactStore<S3ArtifactStoreConfig> {
  protected override async connect(): Promise<ArtifactStoreDriver> {
    const { config } = this
    const location = new BucketLocation(this.root)
    const client = makeClient(config)
    return new S3Driver({
      ...(await openCalls(client, location.bucket, config)),
      location,
      conditionalWrites: config.conditionalWrites,
      dispose: () => client.destroy(),
    })
  }
}
