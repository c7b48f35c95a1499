/** Signs URLs with Google's library, where the credentials can. */
import { type PresignedRequest, type PresignOptions, StackError } from '@stack/core'
import type { Authorization } from './authorization.js'
import type { GcsArtifactStoreConfig } from './config.js'

/** Seconds: Signature Version 4 takes no more. */
const longestExpiry = 7 * 24 * 60 * 60

/** Signs a request for a key of the bucket. */
export type Signer = (key: string, options: PresignOptions) => Promise<PresignedRequest>

export interface SignerOptions {
  readonly authorization: Authorization
  readonly origin: string
  readonly bucket: string
  readonly config: GcsArtifactStoreConfig
}

/** Gives nothing where the credentials cannot sign: only a service account can. */
export async function makeSigner(options: SignerOptions): Promise<Signer | undefined> {
  const auth = await options.authorization.auth()
  const { client_email } = await auth.getCredentials().catch(() => ({ client_email: undefined }))
  return client_email === undefined ? undefined : (key, asked) => sign(options, key, asked)
}

async function sign(
  { authorization, origin, bucket, config }: SignerOptions,
  key: string,
  { method, expiresIn }: PresignOptions,
): Promise<PresignedRequest> {
  if (expiresIn > longestExpiry) throw new StackError('usage', 'a signed URL is good for seven days at most')
  const { Storage } = await import('@google-cloud/storage')
  const { clientConfig, projectId, userProject } = config
  const storage = new Storage({
    ...clientConfig,
    apiEndpoint: origin,
    authClient: await authorization.auth(),
    ...(projectId === undefined ? {} : { projectId }),
  })
  const expiresAt = new Date(Date.now() + expiresIn * 1000)
  const [url] = await storage
    .bucket(bucket)
    .file(key)
    .getSignedUrl({
      version: 'v4',
      action: method === 'GET' ? 'read' : 'write',
      expires: expiresAt,
      ...(userProject === undefined ? {} : { queryParams: { userProject } }),
    })
  return { url, method, headers: {}, expiresAt }
}
