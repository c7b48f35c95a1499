/** The local store against the pinned behaviours, with and without syncing. */
import { join } from 'node:path'
import { describeArtifactStore } from '@stack/testing'
import { localStore, newDirectory } from './local-store.js'

describeArtifactStore({
  name: 'local',
  create: ({ below }) => localStore(join(newDirectory(), below ?? '')),
})
