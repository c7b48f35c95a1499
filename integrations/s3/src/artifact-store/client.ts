/** Makes the SDK's client from a config. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { StackError } from '@stack/core'
import type { S3ArtifactStoreConfig } from './config.js'

/** As many as the data plane makes. */
const maxAttempts = 11

/** The SDK's own limit is 50, which bodies that nobody reads soon use up. */
const connections = { keepAlive: true, maxSockets: 64 }

type HttpHandler = Extract<S3ClientConfig['requestHandler'], { handle: unknown }>

export function makeClient(config: S3ArtifactStoreConfig): S3Client {
  const { key, secret, token, endpoint, region, profile } = config
  if ((key === undefined) !== (secret === undefined)) {
    throw new StackError('invalid-config', 'key and secret are given together or not at all')
  }
  const checked = carriesChecksums(config) ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED'
  const options: S3ClientConfig = {
    maxAttempts,
    ...config.clientConfig,
    requestHandler: withConnections(config.clientConfig.requestHandler),
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
  // Which version of the SDK is used is this package's business, and so is what later ones will require.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  return new S3Client(options)
}

/** A handler of the user's own stays as it is; of options for the SDK's, those of connections are filled in. */
function withConnections(given: unknown): NonNullable<S3ClientConfig['requestHandler']> {
  if (typeof given === 'object' && given !== null && 'handle' in given) return given as HttpHandler
  return { httpAgent: connections, httpsAgent: connections, ...(given as object | undefined) }
}

/** Checksums as trailers break many servers that are not AWS's, so there they are sent on request only. */
export function carriesChecksums({ checksums, endpoint }: S3ArtifactStoreConfig): boolean {
  return (checksums ?? (endpoint === undefined ? 'when-supported' : 'when-required')) === 'when-supported'
}

/** Of every write. */
export function encryptionHeaders({ serverSideEncryption, kmsKeyId }: S3ArtifactStoreConfig): Record<string, string> {
  return {
    ...(serverSideEncryption === undefined ? {} : { 'x-amz-server-side-encryption': serverSideEncryption }),
    ...(kmsKeyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId }),
  }
}
