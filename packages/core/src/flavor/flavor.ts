/** A flavor: one implementation of a component type, described by a plain branded object. */
import { z } from 'zod'
import type { ComponentType } from '../component/component-type.js'
import { contract } from './contract.js'
import { flavorBrand } from './flavor-brand.js'
import type { Flavor, FlavorDefinition, ObjectSchema } from './flavor-types.js'

/** A schema without fields: the settings of a flavor that declares none. */
export const noSettings = z.strictObject({})

/** Brings a config schema and a lazily loaded implementation together under a type and a name. */
export function defineFlavor<
  T extends ComponentType,
  Config extends ObjectSchema,
  Settings extends ObjectSchema = typeof noSettings,
>(definition: FlavorDefinition<T, Config, Settings>): Flavor {
  const flavor = {
    type: definition.type,
    name: definition.name,
    description: definition.description ?? '',
    config: definition.config,
    settings: definition.settings ?? noSettings,
    configVersion: definition.configVersion ?? 1,
    capabilities: definition.capabilities ?? {},
    load: definition.load as unknown as Flavor['load'],
  }
  Object.defineProperty(flavor, flavorBrand, { value: Object.freeze({ contract }) })
  return Object.freeze(flavor)
}
