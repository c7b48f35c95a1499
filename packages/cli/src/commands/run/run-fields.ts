/** The flags of a run: the pipeline's parameters, and the settings of the stack's components. */
import { type ComponentType, componentTypes, isStackError, StackError } from '@stack/core'
import {
  describeFields,
  describeFlavorFields,
  type FieldDescription,
  type FlavorHandle,
  formatFlavorSpec,
  type JsonSchema,
} from '@stack/core/host'
import { type FieldFlags, type FieldTarget, findField } from '../../flags/field-flags.js'
import { fieldSection } from '../../flags/field-section.js'
import type { SchemaNode } from '../../flags/schema-node.js'
import type { OptionDefinition } from '../../program/argument-definitions.js'
import { reservedNames } from '../component/component-options.js'
import type { PipelineToRun } from './pipeline-to-run.js'

/** Reads the flags from the pipeline's parameters schema and from the settings schemas of the stack's flavors. */
export function runFields(
  { pipeline, stack, project }: PipelineToRun,
  options: readonly OptionDefinition[],
): FieldFlags {
  const reserved = reservedNames(options)
  const params = paramsSchema(pipeline.params)
  const schemas = settingsSchemas(stack, project)
  const { registry } = project
  const fields: FieldFlags = {
    targets: [
      { name: 'param', schema: params, bare: true, reserved },
      { name: 'settings', schema: settingsTarget(schemas), bare: false, reserved },
    ] satisfies FieldTarget[],
    sections: () => [
      ...(params === undefined ? [] : [fieldSection('Parameters', paramFields(params, project), toParam)]),
      ...schemas.map(({ type, name, handle }) =>
        fieldSection(
          `Settings of the ${type} ${name}`,
          describeFlavorFields(registry, handle, 'settings'),
          (field) => `settings.${type}.${field}`,
        ),
      ),
    ],
    hint: `Parameters are given as --NAME VALUE or --param.NAME VALUE, settings as --settings.TYPE.NAME VALUE.`,
  }
  const toParam = (name: string) => (findField(fields, name)?.target === 'param' ? name : `param.${name}`)
  return fields
}

/** What a pipeline's schema says as JSON Schema; undefined where it cannot say it, and nothing at all for no parameters. */
function paramsSchema(schema: unknown): SchemaNode | undefined {
  if (schema === undefined) return { type: 'object', properties: {}, additionalProperties: false }
  const standard = (schema as { '~standard'?: { jsonSchema?: { input?: (options: { target: string }) => unknown } } })[
    '~standard'
  ]
  try {
    const said = standard?.jsonSchema?.input?.({ target: 'draft-2020-12' }) as SchemaNode | undefined
    // An object that only ignores what it does not know would swallow a misspelt flag.
    return said?.properties === undefined ? said : { additionalProperties: false, ...said }
  } catch {
    return undefined
  }
}

/** @throws StackError `invalid-pipeline` where the parameters are too many to be shown. */
function paramFields(params: SchemaNode, { registry }: PipelineToRun['project']): readonly FieldDescription[] {
  try {
    return describeFields(params as JsonSchema, { label: "The pipeline's parameters", time: registry.time })
  } catch (error) {
    if (!isStackError(error, 'invalid-manifest')) throw error
    throw new StackError('invalid-pipeline', error.message, {
      hint: 'Give the pipeline fewer parameters, or shorter ones.',
    })
  }
}

interface ComponentSettings {
  readonly type: ComponentType
  readonly name: string
  readonly flavor: string
  readonly handle: FlavorHandle
  readonly schema: SchemaNode
}

function settingsSchemas(
  { components }: PipelineToRun['stack'],
  { registry }: PipelineToRun['project'],
): ComponentSettings[] {
  return components.flatMap((component) => {
    const { type, name, flavor } = component
    const handle = registry.tryResolve(type, formatFlavorSpec(component))
    return 'root' in handle
      ? [{ type, name, flavor, handle, schema: registry.schemas(handle).settings as SchemaNode }]
      : []
  })
}

/** One schema for all keys: `type`, `type.flavor`, `type:component`; a type that the stack lacks takes anything and is warned about later. */
function settingsTarget(schemas: readonly ComponentSettings[]): SchemaNode {
  const properties: Record<string, SchemaNode> = Object.fromEntries(componentTypes.map((type) => [type, {}]))
  for (const type of componentTypes) {
    const own = schemas.filter((each) => each.type === type)
    if (own.length === 0) continue
    const flavors = Object.fromEntries(own.map(({ flavor, schema }) => [flavor, schema]))
    const fields = Object.assign({}, flavors, ...own.map(({ schema }) => schema.properties))
    properties[type] = { type: 'object', properties: fields, additionalProperties: false }
    for (const { name, schema } of own) properties[`${type}:${name}`] = schema
  }
  return { type: 'object', properties, additionalProperties: false }
}
