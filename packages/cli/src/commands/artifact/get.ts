/** `stack artifact get ID`. */
import { type ArtifactRecord, type ArtifactStore, StackError } from '@stack/core'
import { type CommandDefinition, operand } from '../../program/command.js'
import { artifactView } from './artifact-view.js'
import { findArtifact } from './find-artifact.js'
import { openArtifactStore } from './open-artifact-store.js'

/** Writes the bytes of an artifact's value to stdout; with `--json` its description with the bytes in base64. */
export const getArtifact: CommandDefinition = {
  arguments: [{ name: 'ID', summary: 'the artifact, the beginning of its id, or its name for the newest version' }],
  async run(parsed, context) {
    const project = await context.project()
    const artifact = await findArtifact(project, operand(parsed, 0))
    const bytes = await readBytes(await openArtifactStore(project, artifact.artifactStore, context), artifact)
    const data = { ...artifactView(artifact), base64: context.flags.json ? Buffer.from(bytes).toString('base64') : '' }
    return { data, names: [artifact.id], view: { kind: 'bytes', bytes } }
  },
}

/** The bytes themselves, or the JSON of a value that its step's commit holds inline. */
async function readBytes(store: ArtifactStore, artifact: ArtifactRecord): Promise<Uint8Array> {
  const [path = '', inline] = artifact.uri.split('#/outputs/')
  if (inline === undefined) return store.read(path)
  const commit = JSON.parse(await store.readText(path)) as { outputs?: Record<string, { value?: unknown }> }
  const output = commit.outputs?.[inline]
  if (output === undefined || !('value' in output)) {
    throw new StackError('checksum-mismatch', `The commit ${path} no longer holds the artifact "${artifact.name}".`, {
      hint: `stack artifact describe ${artifact.id}`,
    })
  }
  return new TextEncoder().encode(JSON.stringify(output.value))
}
