/** Warns of packages that take the place of a flavor that the program carries: installing one changes what a bare name means. */
import type { ComponentType } from '../../component/component-type.js'
import type { Warning } from '../warning.js'
import type { FlavorHandle } from './flavor-handle.js'
import { ownerOf, type RankedFlavor } from './rank-flavors.js'

/** Which flavors are asked about: those of a type, one of one package, or all. */
export type ShadowQuestion = ComponentType | Pick<FlavorHandle, 'type' | 'name' | 'package'>

/** A warning `shadowed-builtin` for each flavor that comes before one that the program carries. */
export function shadowWarnings(flavors: readonly RankedFlavor[], question?: ShadowQuestion): readonly Warning[] {
  const builtins = flavors.filter(({ row }) => row.origin === 'builtin' && row.status !== 'invalid')
  return flavors
    .filter(({ row }) => row.origin !== 'builtin' && (row.status === 'ok' || row.status === 'ambiguous'))
    .filter((flavor) => isAsked(flavor, question))
    .flatMap((flavor) => {
      const builtin = builtins.find(({ row }) => isRival(row, flavor.row))
      return builtin === undefined ? [] : [shadowWarning(flavor, builtin)]
    })
}

function isAsked({ row }: RankedFlavor, question: ShadowQuestion | undefined): boolean {
  if (question === undefined) return true
  if (typeof question === 'string') return row.type === question
  return row.type === question.type && row.name === question.name && row.package === question.package
}

/** Another package's flavor of the same name; the same package, installed in the project, is an update of the builtin one. */
function isRival(one: RankedFlavor['row'], other: RankedFlavor['row']): boolean {
  return one.type === other.type && one.name === other.name && one.package !== other.package
}

function shadowWarning(flavor: RankedFlavor, builtin: RankedFlavor): Warning {
  const { type, name } = flavor.row
  const full = `${builtin.row.package}:${name}`
  return {
    code: 'shadowed-builtin',
    message: `The ${type.replaceAll('-', ' ')} flavor "${name}" is that of ${ownerOf(flavor)}, which comes before the builtin one of ${builtin.row.package}.`,
    hint: `To use the builtin one, give its full name: --flavor ${full}`,
  }
}
