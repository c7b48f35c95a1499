/** Makes a driver from a config. */
import { StackError, type StoreRoot } from '@stack/core'
import { BucketLocation } from '@stack/object-http'
import { Authorization } from './authorization.js'
import type { GcsArtifactStoreConfig } from './config.js'
import { type Credentials, readCredentials } from './credentials.js'
import { DataPlane } from './data-plane.js'
import { GcsDriver } from './gcs-driver.js'
import { makeSigner } from './signed-url.js'

/** As Google's library asks for: objects, and signatures where a key is not at hand. */
const scopes = ['iam', 'cloud-platform', 'devstorage.full_control'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
)

export async function makeDriver(
  config: GcsArtifactStoreConfig,
  root: StoreRoot,
  projectRoot: string,
): Promise<GcsDriver> {
  const { userProject, kmsKeyName } = config
  const credentials = await readCredentials(config, projectRoot)
  const { origin, google } = findEndpoint(config, process.env.STORAGE_EMULATOR_HOST)
  const location = new BucketLocation(root)
  // Another server is sent no token that was not meant for it.
  const authorization = google || credentials !== undefined ? authorize(config, credentials) : undefined
  const plane = new DataPlane({ origin, bucket: location.bucket, authorization, userProject, kmsKeyName })
  const signer = authorization && (await makeSigner({ authorization, origin, bucket: location.bucket, config }))
  const subject = { bucket: location.bucket, endpoint: origin }
  return new GcsDriver({ plane, location, subject, signer })
}

/** The server's origin, and whether it is Google's own. */
export function findEndpoint(
  config: Pick<GcsArtifactStoreConfig, 'endpoint' | 'clientConfig'>,
  emulatorHost: string | undefined,
): { readonly origin: string; readonly google: boolean } {
  const { universeDomain } = config.clientConfig
  const domain = typeof universeDomain === 'string' ? universeDomain : 'googleapis.com'
  const given = config.endpoint ?? (emulatorHost === '' ? undefined : emulatorHost)
  if (given === undefined) return { origin: `https://storage.${domain}`, google: true }
  // As Google's own library reads the variable.
  const { origin, hostname } = parseEndpoint(/^https?:\/\//.test(given) ? given : `https://${given}`)
  return { origin, google: hostname.endsWith(`.${domain}`) }
}

function parseEndpoint(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new StackError('invalid-config', 'the endpoint is no URL of a server', {
      hint: 'Set the endpoint of the store, or the variable STORAGE_EMULATOR_HOST, to http://host:port.',
    })
  }
}

function authorize({ projectId, clientConfig }: GcsArtifactStoreConfig, credentials: Credentials | undefined) {
  return new Authorization({
    ...clientConfig,
    scopes,
    ...(projectId === undefined ? {} : { projectId }),
    ...(credentials === undefined ? {} : { credentials }),
  })
}
