/** The credentials that a config brings itself. */
import { StackError } from '@stack/core'
import type { SigningCredentials } from '../data-plane/request-signer.js'
import type { S3ArtifactStoreConfig } from './config.js'

/**
 * The key, secret and token of a config; undefined where it leaves them to the SDK.
 * @throws StackError `invalid-config` for one without the other.
 */
export function ownCredentials({ key, secret, token }: S3ArtifactStoreConfig): SigningCredentials | undefined {
  if ((key === undefined) !== (secret === undefined)) {
    throw new StackError('invalid-config', 'key and secret are given together or not at all')
  }
  if (key === undefined || secret === undefined) return undefined
  return {
    accessKeyId: key.reveal(),
    secretAccessKey: secret.reveal(),
    ...(token === undefined ? {} : { sessionToken: token.reveal() }),
  }
}
