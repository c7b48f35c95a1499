/** Validates one component of a stack by its flavor's schemas and code. */
import { type ComponentRecord, isStackError, type Problem } from '@stack/core'
import { type FlavorRegistry, validateComponent, type Warning } from '@stack/core/host'
import { flavorOf } from '../components/component-view.js'
import { problemOf } from './stack-view.js'

/** What is wrong with a component, or to be known of it; a flavor that is missing or broken is a problem, not an error. */
export async function validateMember(
  member: ComponentRecord,
  registry: FlavorRegistry,
): Promise<{ readonly problems: readonly Problem[]; readonly warnings: readonly Warning[] }> {
  try {
    const handle = flavorOf(member, registry)
    if (isStackError(handle)) throw handle
    const { config, settings } = member
    const { problems, warnings } = await validateComponent({ registry, handle, config, settings })
    return { problems: problems.map((problem) => problemOf(member, problem)), warnings }
  } catch (error) {
    if (!isStackError(error)) throw error
    return { problems: [problemOf(member, { path: '', message: error.message })], warnings: [] }
  }
}
