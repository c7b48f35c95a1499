/** Where a test's store is, as plain data: to register it with `stack`, and to open it here or in another process. */
import type { RunningServer } from '@stack/test-servers'

/** What `openStore` takes; it is JSON, so that it can be handed to another process. */
export interface StorePlace {
  readonly flavor: 'local' | 's3' | 'gcs'
  readonly config: Readonly<Record<string, string | boolean>>
  readonly secrets: Readonly<Record<string, string>>
}

/** A place in a new bucket of a server. */
export async function placeOn(server: RunningServer): Promise<StorePlace> {
  const { protocol, endpoint, region, credentials } = server
  const bucket = await server.createBucket()
  if (protocol === 'gcs') return { flavor: 'gcs', config: { path: `gs://${bucket}/artifacts`, endpoint }, secrets: {} }
  const secrets = { key: credentials.accessKeyId, secret: credentials.secretAccessKey }
  return { flavor: 's3', config: { path: `s3://${bucket}/artifacts`, endpoint, region, forcePathStyle: true }, secrets }
}

/** A directory of this machine. */
export function placeIn(directory: string): StorePlace {
  return { flavor: 'local', config: { path: directory }, secrets: {} }
}

/** The flags that register it; its secrets are references to variables. */
export function registerFlags({ flavor, config, secrets }: StorePlace): readonly string[] {
  return [
    `--flavor=${flavor}`,
    ...Object.entries(config).map(([name, value]) => `--${name}=${value}`),
    ...Object.keys(secrets).map((name) => `--${name}={{env:${variable(name)}}}`),
  ]
}

/** The variables that those references name. */
export function environmentOf({ secrets }: StorePlace): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [variable(name), value]))
}

function variable(name: string): string {
  return `BUCKET_${name.toUpperCase()}`
}
