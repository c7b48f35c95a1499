/** Stores on the buckets of a test's server. */
import { type ArtifactStoreDriver, Secret, silentLog } from '@stack/core'
import { s3ArtifactStoreConfig } from '../../src/artifact-store/config/config.js'
import { S3ArtifactStore } from '../../src/artifact-store/s3-artifact-store.js'

/** Where a server is, and what a client signs with. */
export interface S3Place {
  readonly name?: string
  readonly endpoint: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly token?: string }
}

/** Fields of the config other than those of every test; secrets are text. */
export type TestConfig = Readonly<Record<string, unknown>> & { readonly secret?: string }

const testCredentials = { accessKeyId: 'testaccess', secretAccessKey: 'testsecret123' }

/** A store that shows its driver. */
export class OpenStore extends S3ArtifactStore {
  openDriver(): Promise<ArtifactStoreDriver> {
    return this.driver()
  }
}

/** A store at `s3://…` of a server. */
export function openStore(place: S3Place, path: string, config: TestConfig = {}): OpenStore {
  const { secret, token, ...fields } = config
  const { accessKeyId, secretAccessKey } = place.credentials ?? testCredentials
  const parsed = s3ArtifactStoreConfig.parse({
    ...{ path, endpoint: place.endpoint, region: 'us-east-1', forcePathStyle: true },
    ...{ conditionalWrites: place.name !== 'fauxqs', ...fields },
  })
  const secrets = {
    ...{ key: new Secret(accessKeyId), secret: new Secret(secret ?? secretAccessKey) },
    ...(typeof token === 'string' ? { token: new Secret(token) } : {}),
  }
  // Credentials of the client's own go before those of every test.
  const own = parsed.clientConfig.credentials !== undefined
  return new OpenStore({
    ...{ id: 'store', name: 'store', config: { ...parsed, ...(own ? {} : secrets) } },
    ...{ settings: {}, projectRoot: '/', log: silentLog },
  })
}

/** The driver of such a store. */
export function openDriver(place: S3Place, path: string, config: TestConfig = {}): Promise<ArtifactStoreDriver> {
  return openStore(place, path, config).openDriver()
}
