/** Opens the artifact store that a record names, by itself. */
import { type ArtifactStore, StackError, silentLog } from '@stack/core'
import { openStack } from '@stack/core/host'
import type { Project } from '@stack/project'
import type { CommandContext } from '../../program/command-context.js'

/** The live store of a component's id; the command's end disposes it. */
export async function openArtifactStore(project: Project, id: string, context: CommandContext): Promise<ArtifactStore> {
  const component = await project.components.definition(id)
  if (component === null) {
    throw new StackError('not-found', 'The artifact store of this run is no longer registered.', {
      hint: 'stack artifact-store list',
    })
  }
  const definition = { name: component.name, components: [component] }
  const { registry, root } = project
  const stack = await openStack(definition, { registry, projectRoot: root, env: context.env, log: silentLog })
  context.onEnd(() => stack[Symbol.asyncDispose]())
  return stack.artifactStore
}
