/** `stack artifact get ID`. */
import { resolve } from 'node:path'
import { type ArtifactRecord, type ArtifactStore, StackError } from '@stack/core'
import type { Project } from '@stack/project'
import type { CommandDefinition, CommandResult } from '../../program/command.js'
import type { CommandContext } from '../../program/command-context.js'
import { interruptSignals } from '../../program/interrupt.js'
import { operand, optionValue } from '../../program/parsed-arguments.js'
import { readArtifact, streamArtifact, writeArtifact } from './artifact-bytes.js'
import { getDirectory, listDirectory } from './artifact-directory.js'
import { artifactView } from './artifact-view.js'
import { findArtifact } from './find-artifact.js'
import { openArtifactStore } from './open-artifact-store.js'

/**
 * Writes the bytes of an artifact's value to stdout, or a file or directory with `--output`; with `--json` its description
 * with the bytes in base64.
 */
export const getArtifact: CommandDefinition = {
  arguments: [{ name: 'ID', summary: 'the artifact, the beginning of its id, or its name for the newest version' }],
  options: [
    { name: 'output', short: 'o', value: 'PATH', summary: 'Write it there: a new file, or a new or empty directory.' },
  ],
  async run(parsed, context) {
    const project = await context.project()
    const artifact = await findArtifact(project, operand(parsed, 0))
    const store = await openArtifactStore(project, artifact.artifactStore, context)
    const output = optionValue(parsed, 'output')
    if (output !== undefined) return writeTo(resolve(context.cwd, output), { artifact, store, project, context })
    const data = artifactView(artifact)
    if (artifact.materializer === 'directory') {
      if (!context.flags.json) throw isDirectory(artifact)
      const files = await listDirectory(artifact, { store, project })
      return { data: { ...data, files }, names: [artifact.id] }
    }
    if (context.flags.json) {
      const bytes = await readArtifact(artifact, { store, project })
      return { data: { ...data, base64: Buffer.from(bytes).toString('base64') }, names: [artifact.id] }
    }
    const chunks = streamArtifact(artifact, { store, project })
    return { data, names: [artifact.id], view: { kind: 'bytes', chunks, isText: isText(artifact.mediaType) } }
  },
}

interface Target {
  readonly artifact: ArtifactRecord
  readonly store: ArtifactStore
  readonly project: Project
  readonly context: CommandContext
}

async function writeTo(path: string, { artifact, store, project, context }: Target): Promise<CommandResult> {
  const { signal } = interruptSignals(context, { what: 'The copy', hint: `stack artifact get ${artifact.id} --help` })
  const isDirectory = artifact.materializer === 'directory'
  if (isDirectory) await getDirectory(artifact, path, { store, project, signal })
  else await writeArtifact(artifact, path, { store, project, signal })
  return {
    data: { ...artifactView(artifact), output: path },
    names: [path],
    view: { kind: 'text', text: path },
    message: `Wrote the ${isDirectory ? 'directory' : 'file'}.`,
  }
}

function isDirectory({ id, name, metadata }: ArtifactRecord): StackError {
  const files = typeof metadata.files === 'number' ? ` of ${metadata.files} files` : ''
  return new StackError('is-a-directory', `The artifact "${name}" is a directory${files}, which stdout cannot take.`, {
    hint: `stack artifact get ${id} --output DIR`,
  })
}

/** Whether a terminal shows what is of a media type as lines. */
function isText(mediaType: string): boolean {
  return /^text\/|^application\/(.*\+)?(json|xml|yaml|javascript)\b/.test(mediaType)
}
