/** What every write carries, as the config says. */
import type { S3ArtifactStoreConfig } from './config.js'

/** Checksums as trailers break many servers that are not AWS's, so there they are sent on request only. */
export function carriesChecksums({ checksums, endpoint }: S3ArtifactStoreConfig): boolean {
  return (checksums ?? (endpoint === undefined ? 'when-supported' : 'when-required')) === 'when-supported'
}

export function encryptionHeaders({ serverSideEncryption, kmsKeyId }: S3ArtifactStoreConfig): Record<string, string> {
  return {
    ...(serverSideEncryption === undefined ? {} : { 'x-amz-server-side-encryption': serverSideEncryption }),
    ...(kmsKeyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId }),
  }
}
