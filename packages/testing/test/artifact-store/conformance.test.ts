/** The kit on a store that behaves as object stores do. */
import { describeArtifactStore } from '../../src/index.js'
import { MemoryDriver, MemoryStore, plantInMemory } from './memory-store.js'

describeArtifactStore({
  name: 'memory',
  create: ({ below }) => new MemoryStore(new MemoryDriver(), below),
  plant: plantInMemory,
})
