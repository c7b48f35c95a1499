/** The flags of a flavor: the fields of its config, and of its settings under their prefix. */
import type { ComponentType } from '@stack/core'
import { describeFlavorFields, type FlavorRegistry } from '@stack/core/host'
import { type FieldFlags, findField } from './field-flags.js'
import { fieldSection } from './field-section.js'
import type { SchemaNode } from './schema-node.js'

/** Which flavor, and which flags the program keeps for itself. */
export interface FlavorFieldsRequest {
  readonly registry: FlavorRegistry
  readonly type: ComponentType
  readonly flavor: string
  readonly reserved: readonly string[]
}

/**
 * Reads the flags of a flavor from its schemas; no code of it runs.
 * @throws StackError `unknown-flavor`, `ambiguous-flavor`, `invalid-manifest`.
 */
export function flavorFields({ registry, type, flavor, reserved }: FlavorFieldsRequest): FieldFlags {
  const handle = registry.resolve(type, flavor)
  const { config, settings } = registry.schemas(handle)
  const fields: FieldFlags = {
    targets: [
      { name: 'config', schema: config as SchemaNode, bare: true, reserved },
      { name: 'settings', schema: settings as SchemaNode, bare: false, reserved },
    ],
    sections: () => [
      fieldSection(`Fields of the flavor ${flavor}`, describeFlavorFields(registry, handle, 'config'), (name) =>
        bareName(fields, name),
      ),
      fieldSection(
        `Settings of the flavor ${flavor}`,
        describeFlavorFields(registry, handle, 'settings'),
        (name) => `settings.${name}`,
      ),
    ],
    hint: `stack ${type} flavor describe ${flavor}`,
  }
  return fields
}

/** The flag of a config's field: its name, or `config.` before it where the program has a flag of that name. */
function bareName(fields: FieldFlags, name: string): string {
  const place = findField(fields, name)
  return place?.target === 'config' ? name : `config.${name}`
}
