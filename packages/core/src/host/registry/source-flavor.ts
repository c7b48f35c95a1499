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

/** Reads the manifest that a record kept; undefined where it is none. */
export function parseSourceFlavorManifest(value: unknown): SourceFlavorManifest | undefined {
  if (!isObject(value)) return undefined
  const { description, contract, configVersion, capabilities, configSchema, settingsSchema, invalid } = value
  if (typeof description !== 'string' || !isCount(contract) || !isCount(configVersion)) return undefined
  if (!isObject(capabilities) || !isSchema(configSchema) || !isSchema(settingsSchema)) return undefined
  if (invalid !== undefined && typeof invalid !== 'string') return undefined
  const manifest = { description, contract, configVersion, capabilities, configSchema, settingsSchema }
  return invalid === undefined ? manifest : { ...manifest, invalid }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'boolean' || isObject(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
