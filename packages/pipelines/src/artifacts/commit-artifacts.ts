/** What a commit means for a project's records: the artifacts it made and those it was made from. */
import type { ArtifactRecord, Commit } from '@stack/core'
import { artifactId, artifactName } from './artifact-id.js'

/** What artifacts are recorded with. */
export interface ArtifactContext {
  readonly pipeline: string
  /** The id of the artifact store component that holds them. */
  readonly artifactStore: string
}

/** The artifacts of a commit, one for each output; the records count their versions. */
export function commitArtifacts(commit: Commit, context: ArtifactContext): readonly Omit<ArtifactRecord, 'version'>[] {
  return Object.entries(commit.outputs).map(
    ([output, { uri, materializer, mediaType, size, contentHash, metadata = {} }]) => ({
      id: artifactId(commit.run, commit.invocation, output),
      name: artifactName(context.pipeline, commit.invocation, output),
      uri,
      artifactStore: context.artifactStore,
      run: commit.run,
      invocation: commit.invocation,
      output,
      materializer,
      mediaType,
      size,
      contentHash,
      metadata,
      createdAt: commit.endedAt,
    }),
  )
}

/** Artifact ids by output name. */
export function outputIds(commit: Commit): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(commit.outputs).map((output) => [output, artifactId(commit.run, commit.invocation, output)]),
  )
}

/** The ids of the artifacts a commit was made from: its lineage. */
export function inputIds(commit: Commit): readonly string[] {
  return Object.keys(commit.inputs).map((source) => `${commit.run}.${source}`)
}
