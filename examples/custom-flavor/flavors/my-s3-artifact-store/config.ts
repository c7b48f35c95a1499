/** What a person configures of the store. It imports no SDK, so it is checked where none is installed. */
import { artifactStoreConfig, secret, z } from '@stack/core'

export const myS3ArtifactStoreConfig = artifactStoreConfig(['s3://'], {
  key: secret().optional().describe('Access key id; without one, the credentials the AWS SDK finds by itself.'),
  secret: secret().optional().describe('Secret access key.'),
  token: secret().optional().describe('Session token of temporary credentials.'),
  region: z.string().default('us-east-1').describe('Region of the bucket.'),
  endpoint: z.url().optional().describe('URL of an S3-compatible server; without one, AWS.'),
  forcePathStyle: z
    .boolean()
    .default(false)
    .describe('Names the bucket in the path, as most S3-compatible servers want.'),
  conditionalWrites: z
    .boolean()
    .default(false)
    .describe('The server honours If-None-Match and If-Match on writes, as AWS does; some only pretend to.'),
  clientKwargs: z.record(z.string(), z.unknown()).default({}).describe('Further options of the SDK client.'),
  s3AdditionalKwargs: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Further parameters of every write, for example ServerSideEncryption.'),
})
export type MyS3ArtifactStoreConfig = z.output<typeof myS3ArtifactStoreConfig>
