/** Chooses the way to a bucket: the lean data plane, or the SDK where that cannot go. */

import type { S3Calls } from './calls/s3-calls.js'
import type { S3ArtifactStoreConfig } from './config/config.js'
import { ownCredentials } from './config/credentials.js'
import { type ResolvedEndpoint, resolveEndpoint, toldEndpoint } from './config/endpoint.js'
import { carriesChecksums, encryptionHeaders } from './config/write-policy.js'
import { DataPlane } from './data-plane/data-plane.js'
import type { S3Subject } from './failures/s3-error.js'

/** The calls to a bucket, and what errors can say of it. */
export interface OpenedCalls {
  readonly calls: S3Calls
  readonly subject: S3Subject
  /** Releases what the calls were made with. */
  readonly dispose: () => void
}

/** Options of the SDK's client that concern how requests are sent; what they say only the SDK does. */
const wireOptions = ['requestHandler', 'signer', 'httpAuthSchemes', 'extensions', 'systemClockOffset']

/** Opens a bucket; the SDK, which is large, is loaded only where the config leaves something to it. */
export async function openCalls(config: S3ArtifactStoreConfig, bucket: string): Promise<OpenedCalls> {
  const options = { bucket, checksums: carriesChecksums(config), writeHeaders: encryptionHeaders(config) }
  const credentials = ownCredentials(config)
  const told = toldEndpoint(config, bucket)
  if (credentials !== undefined && told !== undefined) {
    const calls = new DataPlane({ ...options, ...told, credentials: async () => credentials })
    return { calls, subject: subjectOf(bucket, told), dispose: () => {} }
  }
  const { makeClient } = await import('./sdk/client.js')
  const client = makeClient(config)
  const resolved = await resolveEndpoint(client, bucket)
  const opened = { subject: subjectOf(bucket, resolved), dispose: () => client.destroy() }
  if (resolved.signature === 'sigv4' && wireOptions.every((name) => config.clientConfig[name] === undefined)) {
    return { calls: new DataPlane({ ...options, ...resolved, credentials: client.config.credentials }), ...opened }
  }
  // It tells the SDK of itself when it is loaded, and is large.
  if (resolved.signature === 'sigv4a') await import('@aws-sdk/signature-v4a')
  const { SdkCalls } = await import('./sdk/sdk-calls.js')
  return { calls: new SdkCalls({ ...options, client }), ...opened }
}

function subjectOf(bucket: string, { region, endpoint }: ResolvedEndpoint): S3Subject {
  return { bucket, region, endpoint: endpoint.origin }
}
