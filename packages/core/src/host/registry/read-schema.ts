/** Reads a flavor's schemas: JSON files that must stay inside their package, and nothing is executed. */
import { realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { isStackError, StackError } from '../../errors/stack-error.js'
import type { JsonSchema } from '../config/json-schema.js'
import { schemaFault } from '../config/schema-faults.js'
import { type RegularFile, readRegularFile } from '../files/read-regular-file.js'
import { type FlavorHandle, ownerOfHandle } from './flavor-handle.js'

/** What a schema is called that declares no field. */
const noFields: JsonSchema = { type: 'object', properties: {}, additionalProperties: false }

/**
 * Reads a schema file of a package; without one there are no fields.
 * @throws StackError `invalid-manifest`, naming package, file and reason.
 */
export function readSchemaFile(handle: FlavorHandle, path: string | null): JsonSchema {
  if (path === null) return noFields
  let read: RegularFile
  try {
    read = readRegularFile(insidePackage(handle, path))
  } catch (error) {
    if (isStackError(error)) throw error
    throw invalidSchema(handle, path, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
  if ('fault' in read) throw invalidSchema(handle, path, read.fault)
  let schema: unknown
  try {
    schema = JSON.parse(read.text)
  } catch {
    throw invalidSchema(handle, path, 'it is no valid JSON')
  }
  return checkedSchema(handle, path, schema)
}

/**
 * A schema from anywhere, checked to be one the program can follow.
 * @throws StackError `invalid-manifest`.
 */
export function checkedSchema(handle: FlavorHandle, path: string, schema: unknown): JsonSchema {
  const fault = schemaFault(schema)
  if (fault !== undefined) throw invalidSchema(handle, path, fault)
  return schema as JsonSchema
}

/**
 * The real path of a file that a manifest names.
 * @throws StackError `invalid-manifest` where it leaves the package.
 */
export function insidePackage(handle: FlavorHandle, path: string): string {
  const root = realpathSync(handle.root)
  const file = realpathSync(resolve(root, path))
  if (!file.startsWith(root + sep)) throw invalidSchema(handle, path, 'it leads out of the package')
  return file
}

function invalidSchema(handle: FlavorHandle, path: string, reason: string): StackError {
  const owner = ownerOfHandle(handle)
  return new StackError('invalid-manifest', `The file "${path}" of ${owner} cannot be used: ${reason}.`, {
    hint: `Tell the author of ${owner}; an author writes it with: stack flavor generate`,
  })
}
