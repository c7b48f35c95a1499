/** Makes the SDK's client from a config. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { S3ArtifactStoreConfig } from '../config/config.js'
import { ownCredentials } from '../config/credentials.js'
import { carriesChecksums } from '../config/write-policy.js'
import { boundAnswers } from './bounded-answers.js'

/** As many as the data plane makes. */
const maxAttempts = 11

/** The SDK's own limit is 50, which bodies that nobody reads soon use up. */
const connections = { keepAlive: true, maxSockets: 64 }

type HttpHandler = Extract<S3ClientConfig['requestHandler'], { handle: unknown }>

/** @throws StackError `invalid-config` for a key without a secret. */
export function makeClient(config: S3ArtifactStoreConfig): S3Client {
  const { endpoint, region, profile } = config
  const credentials = ownCredentials(config)
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
    ...(credentials === undefined ? {} : { credentials }),
  }
  // Which version of the SDK is used is this package's business, and so is what later ones will require.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const client = new S3Client(options)
  boundAnswers(client)
  return client
}

/** A handler of the user's own stays as it is; of options for the SDK's, those of connections are filled in. */
function withConnections(given: unknown): NonNullable<S3ClientConfig['requestHandler']> {
  if (typeof given === 'object' && given !== null && 'handle' in given) return given as HttpHandler
  return { httpAgent: connections, httpsAgent: connections, ...(given as object | undefined) }
}
