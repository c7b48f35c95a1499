/** The classes that may implement a component type. */
import type { ArtifactStore } from '../artifact-store/artifact-store.js'
import type { Orchestrator } from '../orchestrator/orchestrator.js'
import type { ComponentContext } from './component-context.js'
import type { ComponentType } from './component-type.js'
import type { StackComponent } from './stack-component.js'

/** The base class of each component type. */
export interface ComponentByType {
  'artifact-store': ArtifactStore
  orchestrator: Orchestrator
}

/** What a component of a type is, at least. */
export type ComponentOf<T extends ComponentType> = T extends keyof ComponentByType ? ComponentByType[T] : StackComponent

/** A constructor of components of a type, for the config and settings its flavor declares. */
export type ComponentClass<T extends ComponentType, Config, Settings> = new (
  context: ComponentContext<Config, Settings>,
) => ComponentOf<T>
