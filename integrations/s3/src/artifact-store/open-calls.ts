/** Chooses the way to a bucket: the lean data plane, or the SDK where that cannot go. */
import type { S3Client } from '@aws-sdk/client-s3'
import { carriesChecksums, encryptionHeaders } from './client.js'
import type { S3ArtifactStoreConfig } from './config.js'
import { DataPlane } from './data-plane.js'
import { resolveEndpoint } from './endpoint.js'
import type { S3Calls } from './s3-calls.js'
import type { S3Subject } from './s3-error.js'

/** The calls to a bucket, and what errors can say of it. */
export interface OpenedCalls {
  readonly calls: S3Calls
  readonly subject: S3Subject
}

/** Options of the SDK's client that concern how requests are sent; what they say only the SDK does. */
const wireOptions = ['requestHandler', 'signer', 'httpAuthSchemes', 'extensions', 'systemClockOffset']

export async function openCalls(client: S3Client, bucket: string, config: S3ArtifactStoreConfig): Promise<OpenedCalls> {
  const { signature, ...resolved } = await resolveEndpoint(client, bucket)
  const subject = { bucket, region: resolved.region, endpoint: resolved.endpoint.origin }
  const options = { bucket, checksums: carriesChecksums(config), writeHeaders: encryptionHeaders(config) }
  if (signature !== 'sigv4' || wireOptions.some((name) => config.clientConfig[name] !== undefined)) {
    // It tells the SDK of itself when it is loaded, and is large.
    if (signature === 'sigv4a') await import('@aws-sdk/signature-v4a')
    const { SdkCalls } = await import('./sdk-calls.js')
    return { calls: new SdkCalls({ ...options, client }), subject }
  }
  return { calls: new DataPlane({ ...options, ...resolved, credentials: client.config.credentials }), subject }
}
