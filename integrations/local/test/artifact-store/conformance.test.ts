/** The local store against the pinned behaviours, with and without syncing. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeArtifactStore } from '@stack/testing'
import { localStore, newDirectory } from './local-store.js'

const noSuchNames = 'a file system has no such names'

describeArtifactStore({
  name: 'local',
  create: ({ below }) => localStore(join(newDirectory(), below ?? '')),
  // Of what the cases plant a file system has directories alone.
  async plant(store, key) {
    mkdirSync(`${store.uri('')}/${key}`, { recursive: true })
  },
  skip: {
    '37.empty-segments': noSuchNames,
    '37.dot-segments': noSuchNames,
    '37.long-names': noSuchNames,
    '38.marker-with-bytes': 'a directory holds no bytes',
    'model.foreign-keys': noSuchNames,
  },
})
