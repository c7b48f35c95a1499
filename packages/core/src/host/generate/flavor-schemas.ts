/** Writes a flavor's zod schemas as JSON Schemas. */
import { toJSONSchema } from 'zod'
import type { Problem } from '../../errors/problem.js'
import { StackError } from '../../errors/stack-error.js'
import type { Flavor, ObjectSchema } from '../../flavor/flavor-types.js'
import { formatsWithoutPattern } from '../config/formats.js'
import type { JsonSchema } from '../config/json-schema.js'
import { schemaFault } from '../config/schema-faults.js'
import type { FlavorSchemaPair } from '../registry/flavor-registry.js'
import { schemaRuleProblems } from './schema-rules.js'

/**
 * The JSON Schemas of a flavor's config and settings.
 * @throws StackError `invalid-flavor`, naming every field that uses what JSON Schema cannot say, or a secret with a default.
 */
export async function flavorSchemas(flavor: Flavor): Promise<FlavorSchemaPair> {
  const problems = [
    ...(await schemaRuleProblems(flavor.config)),
    ...(await schemaRuleProblems(flavor.settings)).map(({ path, message }) => ({ path: `settings.${path}`, message })),
  ]
  if (problems.length > 0) throw brokenRules(flavor, problems)
  return {
    config: toJsonSchema(flavor, flavor.config, 'config'),
    settings: toJsonSchema(flavor, flavor.settings, 'settings'),
  }
}

function toJsonSchema(flavor: Flavor, schema: ObjectSchema, kind: string): JsonSchema {
  let json: JsonSchema
  try {
    const written = toJSONSchema(schema, {
      target: 'draft-2020-12',
      io: 'input',
      override: ({ jsonSchema }) => {
        // zod writes these patterns with lookaround; the format says the same and is asserted.
        if (formatsWithoutPattern.includes(jsonSchema.format ?? '')) delete jsonSchema.pattern
      },
    })
    // Without what zod knows of itself: the file's content is JSON and nothing else.
    json = JSON.parse(JSON.stringify(written)) as JsonSchema
  } catch (error) {
    throw brokenRules(flavor, [{ path: kind, message: error instanceof Error ? error.message : String(error) }])
  }
  const fault = schemaFault(json)
  if (fault !== undefined) throw brokenRules(flavor, [{ path: kind, message: fault }])
  return json
}

function brokenRules(flavor: Flavor, problems: readonly Problem[]): StackError {
  return new StackError(
    'invalid-flavor',
    `The schemas of the flavor ${flavor.type}/${flavor.name} cannot be written as JSON Schema.`,
    {
      problems,
      hint: 'See "Config rules" in docs/flavors.md.',
    },
  )
}
