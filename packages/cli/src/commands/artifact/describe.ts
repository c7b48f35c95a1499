/** `stack artifact describe ID`. */
import { flatten } from '../../output/flatten.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { artifactView } from './artifact-view.js'
import { findArtifact } from './find-artifact.js'

/** Shows where an artifact is and where it comes from. */
export const describeArtifact: CommandDefinition = {
  arguments: [{ name: 'ID', summary: 'the artifact, the beginning of its id, or its name for the newest version' }],
  async run(parsed, context) {
    const project = await context.project()
    const data = artifactView(await findArtifact(project, operand(parsed, 0)))
    return {
      data,
      names: [data.id],
      view: { kind: 'record', entries: Object.entries(data).flatMap(([key, value]) => flatten(value, key)) },
    }
  },
}
