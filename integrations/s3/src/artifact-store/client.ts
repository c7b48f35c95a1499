/** Makes the SDK's client from a config, and the data plane from what the SDK resolves. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { StackError } from '@stack/core'
import type { S3ArtifactStoreConfig } from './config.js'
import { DataPlane } from './data-plane.js'
import { resolveEndpoint } from './endpoint.js'

export function makeClient(config: S3ArtifactStoreConfig): S3Client {
  const { key, secret, token, endpoint, region, profile } = config
  if ((key === undefined) !== (secret === undefined)) {
    throw new StackError('invalid-config', 'key and secret are given together or not at all')
  }
  const checked = carriesChecksums(config) ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED'
  const options: S3ClientConfig = {
    ...config.clientConfig,
    forcePathStyle: config.forcePathStyle,
    requestChecksumCalculation: checked,
    responseChecksumValidation: checked,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  }
  if (key !== undefined && secret !== undefined) {
    options.credentials = {
      accessKeyId: key.reveal(),
      secretAccessKey: secret.reveal(),
      ...(token === undefined ? {} : { sessionToken: token.reveal() }),
    }
  }
  return new S3Client(options)
}

/** Checksums as trailers break many servers that are not AWS's, so there they are sent on request only. */
function carriesChecksums({ checksums, endpoint }: S3ArtifactStoreConfig): boolean {
  return (checksums ?? (endpoint === undefined ? 'when-supported' : 'when-required')) === 'when-supported'
}

/** The data plane to a bucket. */
export async function makeDataPlane(client: S3Client, bucket: string, config: S3ArtifactStoreConfig) {
  const resolved = await resolveEndpoint(client, bucket)
  const plane = new DataPlane({
    ...resolved,
    credentials: client.config.credentials,
    checksums: carriesChecksums(config),
    writeHeaders: encryptionHeaders(config),
  })
  return { plane, subject: { bucket, region: resolved.region, endpoint: resolved.endpoint.origin } }
}

function encryptionHeaders({ serverSideEncryption, kmsKeyId }: S3ArtifactStoreConfig): Record<string, string> {
  return {
    ...(serverSideEncryption === undefined ? {} : { 'x-amz-server-side-encryption': serverSideEncryption }),
    ...(kmsKeyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId }),
  }
}

/** The same for what the SDK writes. */
export function encryptionParameters({ serverSideEncryption, kmsKeyId }: S3ArtifactStoreConfig) {
  return {
    ...(serverSideEncryption === undefined ? {} : { ServerSideEncryption: serverSideEncryption }),
    ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }),
  }
}
