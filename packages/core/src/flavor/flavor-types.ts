/** A flavor as its author gives it, and as a host handles it. */
import type { z } from 'zod'
import type { ComponentClass } from '../component/component-class.js'
import type { ComponentType } from '../component/component-type.js'

/** A zod object schema, as config and settings schemas are. */
export type ObjectSchema = z.ZodObject

/** What a flavor gives, see `defineFlavor`. */
export interface FlavorDefinition<T extends ComponentType, Config extends ObjectSchema, Settings extends ObjectSchema> {
  readonly type: T
  /** Lower-case kebab-case or snake_case, unique within its type. */
  readonly name: string
  readonly description?: string
  /** A strict zod object: the static part, fixed at registration. */
  readonly config: Config
  /** A strict zod object: the part that can be overridden for each run and step. */
  readonly settings?: Settings
  /** Raised by a breaking change of the config; 1 unless given. */
  readonly configVersion?: number
  /** What the implementation can do, as data. */
  readonly capabilities?: Readonly<Record<string, unknown>>
  /** Imports the implementation, the only way to its SDK: `async () => (await import('./store.js')).Store`. */
  readonly load: () => Promise<ComponentClass<T, z.output<Config>, z.output<Settings>>>
}

/** A flavor as a host handles it. */
export interface Flavor {
  readonly type: ComponentType
  readonly name: string
  readonly description: string
  readonly config: ObjectSchema
  readonly settings: ObjectSchema
  readonly configVersion: number
  readonly capabilities: Readonly<Record<string, unknown>>
  readonly load: () => Promise<ComponentClass<ComponentType, never, never>>
}
