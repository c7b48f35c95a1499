/** What a fresh project starts with: a stack that works at once, on this machine. */
import { type ComponentRecord, type ComponentType, type ConfigValues, isStackError } from '@stack/core'
import type { FlavorRegistry } from '@stack/core/host'
import type { InitialRecords } from '../records/project-database.js'

/** The name of the stack, and of its components, that a fresh project has. */
export const defaultName = 'default'

/** The package whose flavors the default stack is made of. */
const localPackage = '@stack/flavor-local'

/** The version of the local flavors a project would use, null where they are not found. */
export function localFlavorVersion(registry: FlavorRegistry): string | null {
  const found = registry.tryResolve('artifact-store', `${localPackage}:local`)
  return isStackError(found) ? null : found.version
}

/** The records of the default stack. Their ids are constant, so that what was read before the first write stays true after it. */
export function defaultStack(localVersion: string | null): InitialRecords {
  const now = new Date().toISOString()
  const stamp = { revision: 1, createdAt: now, updatedAt: now }
  const component = (type: ComponentType, config: ConfigValues): ComponentRecord => ({
    id: `default-${type}`,
    type,
    name: defaultName,
    flavor: 'local',
    package: localPackage,
    version: localVersion,
    configVersion: 1,
    config,
    settings: {},
    ...stamp,
  })
  return {
    components: [component('artifact-store', { path: '.stack/artifacts' }), component('orchestrator', {})],
    stacks: [
      {
        id: 'default-stack',
        name: defaultName,
        components: { 'artifact-store': ['default-artifact-store'], orchestrator: ['default-orchestrator'] },
        ...stamp,
      },
    ],
  }
}
