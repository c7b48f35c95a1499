/** The base class of artifact stores. */
import { StackComponent } from '../component/stack-component.js'
import type { ArtifactStoreDriver } from './driver.js'

export abstract class ArtifactStore<Config = unknown, Settings = unknown> extends StackComponent<
  Config,
  Settings,
  ArtifactStoreDriver
> {}
