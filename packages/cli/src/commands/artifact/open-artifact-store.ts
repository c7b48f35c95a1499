/** Opens the artifact store that a record names, by itself: the rest of its stack may be gone. */
import { type ArtifactStore, StackError, silentLog } from '@stack/core'
import { openComponents } from '@stack/core/host'
import type { Project } from '@stack/project'
import type { CommandContext } from '../../program/command-context.js'

/** The live store of a component's id; the command's end disposes it. */
export async function openArtifactStore(project: Project, id: string, context: CommandContext): Promise<ArtifactStore> {
  const { records, registry, root: projectRoot } = project
  const record = await records.getComponent(id)
  if (record === null) {
    throw new StackError('not-found', 'The artifact store that holds this is no longer registered.', {
      hint: 'stack artifact-store list',
    })
  }
  const own = record.package === null ? await records.findSourceFlavor(record.type, record.flavor) : null
  const definition = { name: record.name, components: [{ ...record, source: own?.source ?? null }] }
  const { outcomes } = await openComponents(definition, { registry, projectRoot, env: context.env, log: silentLog })
  const [outcome] = outcomes
  if (outcome === undefined || 'error' in outcome) throw outcome?.error
  const { component } = outcome.component
  context.onEnd(() => component.dispose())
  return component as ArtifactStore
}
