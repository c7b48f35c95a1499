/** What a person configures of an S3 store, and the presets for servers other than AWS. It imports no SDK. */
import { artifactStorePath, secret, z } from '@stack/core'

// The presets share what they have in common: each schema that is made costs the start of every program.
const path = artifactStorePath(['s3://'])

const fields = {
  key: secret().optional().describe('Access key id; without one, the credentials the AWS SDK finds by itself.'),
  secret: secret().optional().describe('Secret access key.'),
  token: secret().optional().describe('Session token of temporary credentials.'),
  profile: z.string().optional().describe('Profile of the shared AWS config and credentials files.'),
  checksums: z
    .enum(['when-supported', 'when-required'])
    .optional()
    .describe('Whether each write carries a CRC-32 that each read checks; only on AWS unless told otherwise.'),
  serverSideEncryption: z
    .enum(['AES256', 'aws:kms', 'aws:kms:dsse'])
    .optional()
    .describe('How the server encrypts what is written; unless told, as the bucket says.'),
  kmsKeyId: z.string().optional().describe('The key for aws:kms; unless told, the one of the account.'),
  clientConfig: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Further options of the S3Client of the AWS SDK.'),
}

const endpoint = z
  .string()
  .regex(/^https?:\/\/[A-Za-z0-9.:[\]_-]+(?:\/[^?#\s]*)?$/, 'Must be an http:// or https:// URL without query.')
  .describe('URL of the server.')
const region = z.string().min(1).describe('Region of the bucket.')

/** What differs from one server to the next. */
interface ServerDefaults {
  readonly forcePathStyle: boolean
  /** The server honours If-None-Match and If-Match on writes. */
  readonly conditionalWrites: boolean
}

function serverFields({ forcePathStyle, conditionalWrites }: ServerDefaults) {
  return {
    forcePathStyle: z.boolean().default(forcePathStyle).describe('Names the bucket in the path, not in the host.'),
    conditionalWrites: z
      .boolean()
      .default(conditionalWrites)
      .describe(
        'The server honours If-None-Match and If-Match on writes; where it does not, nor does the store promise.',
      ),
  }
}

const conditional = serverFields({ forcePathStyle: true, conditionalWrites: true })
const unconditional = serverFields({ forcePathStyle: true, conditionalWrites: false })

export const s3ArtifactStoreConfig = z.strictObject({
  path,
  endpoint: endpoint.optional().describe('URL of an S3-compatible server; without one, AWS.'),
  region: region.optional().describe('Region of the bucket; without one, the region the AWS SDK finds by itself.'),
  ...fields,
  ...serverFields({ forcePathStyle: false, conditionalWrites: true }),
})

export const minioArtifactStoreConfig = z.strictObject({
  path,
  endpoint,
  region: region.default('us-east-1'),
  ...fields,
  checksums: z
    .enum(['when-supported', 'when-required'])
    .default('when-supported')
    .describe('Whether each write carries a CRC-32 that each read checks.'),
  ...conditional,
})

export const r2ArtifactStoreConfig = z.strictObject({
  path,
  endpoint: endpoint.describe('https://<account id>.r2.cloudflarestorage.com'),
  region: region.default('auto'),
  ...fields,
  ...conditional,
})

export const b2ArtifactStoreConfig = z.strictObject({
  path,
  endpoint: endpoint.describe('https://s3.<region>.backblazeb2.com'),
  region,
  ...fields,
  ...unconditional,
})

export const wasabiArtifactStoreConfig = z.strictObject({
  path,
  endpoint: endpoint.describe('https://s3.<region>.wasabisys.com'),
  region,
  ...fields,
  ...unconditional,
})

/** What the store reads of a config, whichever flavor it is of. */
export type S3ArtifactStoreConfig = z.output<typeof s3ArtifactStoreConfig>
