/** Opens the store at a place, as a process of its own must: from the built packages, in plain JavaScript. */
import { Secret, silentLog } from '@stack/core'
import { gcsArtifactStoreFlavor } from '@stack/flavor-gcs/artifact-store'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'
import { s3ArtifactStoreFlavor } from '@stack/flavor-s3/artifact-store'

const flavors = { gcs: gcsArtifactStoreFlavor, local: localArtifactStoreFlavor, s3: s3ArtifactStoreFlavor }

/**
 * @param {import('./store-place.js').StorePlace} place
 * @returns {Promise<import('@stack/core').ArtifactStore>}
 */
export async function openStore({ flavor, config, secrets }) {
  const { config: schema, load } = flavors[flavor]
  const Store = /** @type {any} */ (await load())
  const hidden = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)]))
  return new Store({
    id: 'store',
    name: 'store',
    config: { ...schema.parse(config), ...hidden },
    settings: {},
    projectRoot: '/',
    log: silentLog,
  })
}
