/** What a person configures of a GCS store. It imports no library of Google's. */
import { artifactStoreConfig, secret, z } from '@stack/core'

export const gcsArtifactStoreConfig = artifactStoreConfig(['gs://'], {
  credentials: secret()
    .optional()
    .describe('The JSON text of a key; without it and keyFile, the credentials that Google finds by itself.'),
  keyFile: z.string().min(1).optional().describe('Path of a JSON key, from the root of the project.'),
  projectId: z.string().min(1).optional().describe('Project of the credentials; without one, the one that they name.'),
  endpoint: z
    .string()
    .regex(/^https?:\/\/[A-Za-z0-9.:[\]_-]+\/?$/, 'Must be an http:// or https:// URL without path and query.')
    .optional()
    .describe('URL of another server, such as an emulator; without one, STORAGE_EMULATOR_HOST or Google.'),
  userProject: z.string().min(1).optional().describe('The project that pays where the bucket lets the requester pay.'),
  kmsKeyName: z
    .string()
    .min(1)
    .optional()
    .describe('The key of Cloud KMS that encrypts what is written; without one, as the bucket says.'),
  clientConfig: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Further options of the Storage client of @google-cloud/storage, for authentication and signed URLs.'),
})

export type GcsArtifactStoreConfig = z.output<typeof gcsArtifactStoreConfig>
