/** What the registry keeps of a flavor that is registered by its source path. */
import type { JsonSchema } from '../config/json-schema.js'

/** The manifest of a source flavor, derived from its code when that was last imported; kept in its record. */
export interface SourceFlavorManifest {
  readonly description: string
  readonly contract: number
  readonly configVersion: number
  readonly capabilities: Readonly<Record<string, unknown>>
  readonly configSchema: JsonSchema
  readonly settingsSchema: JsonSchema
  /** Why the source's present state cannot be used; the rest is of the last good one. */
  readonly invalid?: string
}
