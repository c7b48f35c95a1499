/** Stores for tests, on a server at an endpoint. */

import type { z } from '@stack/core'
import { silentLog } from '@stack/core'
import { gcsArtifactStoreConfig } from '../../src/artifact-store/config.js'
import { GcsArtifactStore } from '../../src/artifact-store/gcs-artifact-store.js'

type Given = z.input<typeof gcsArtifactStoreConfig>

/** Makes a store; secrets are given as what they resolve to. */
export function makeStore(
  given: Omit<Given, 'credentials'>,
  secrets: Partial<Pick<GcsArtifactStore['config'], 'credentials'>> = {},
): GcsArtifactStore {
  return new GcsArtifactStore({
    ...{ id: 'store', name: 'store', settings: {}, projectRoot: '/', log: silentLog },
    config: { ...gcsArtifactStoreConfig.parse(given), ...secrets },
  })
}
