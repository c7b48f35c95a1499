/** Opens the driver of a bucket; the one way to what speaks to servers, so that a store that is not used does not load it. */
import type { ArtifactStoreDriver, StoreRoot } from '@stack/core'
import { BucketLocation } from '@stack/object-http'
import type { S3ArtifactStoreConfig } from './config/config.js'
import { openCalls } from './open-calls.js'
import { S3Driver } from './s3-driver.js'

export async function openDriver(config: S3ArtifactStoreConfig, root: StoreRoot): Promise<ArtifactStoreDriver> {
  const location = new BucketLocation(root)
  const opened = await openCalls(config, location.bucket)
  return new S3Driver({ ...opened, location, conditionalWrites: config.conditionalWrites })
}
