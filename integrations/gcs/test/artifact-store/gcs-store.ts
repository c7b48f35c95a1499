/** Stores for tests, on a server at an endpoint. */

import type { z } from '@stack/core'
import { Secret, silentLog } from '@stack/core'
import { gcsArtifactStoreConfig } from '../../src/artifact-store/config.js'
import { GcsArtifactStore } from '../../src/artifact-store/gcs-artifact-store.js'

type Given = z.input<typeof gcsArtifactStoreConfig>

/** Makes a store; its credentials are given as what they resolve to. */
export function makeStore(given: Omit<Given, 'credentials'>, credentials?: string): GcsArtifactStore {
  return new GcsArtifactStore({
    ...{ id: 'store', name: 'store', settings: {}, projectRoot: '/', log: silentLog },
    config: {
      ...gcsArtifactStoreConfig.parse(given),
      ...(credentials === undefined ? {} : { credentials: new Secret(credentials) }),
    },
  })
}
