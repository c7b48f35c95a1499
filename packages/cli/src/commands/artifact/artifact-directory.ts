/** Artifacts that are directories, read by `@stack/pipelines`, which wrote them. */
import type { ArtifactRecord, ArtifactStore } from '@stack/core'
import type { Project } from '@stack/project'
import { importPipelines } from '../../program/pipelines-package.js'

interface Source {
  readonly store: ArtifactStore
  readonly project: Project
  readonly signal?: AbortSignal
}

/** What `@stack/pipelines` reads a directory as. */
interface Directory {
  files(): Promise<readonly { readonly path: string; readonly size: number }[]>
  downloadTo(directory: string): Promise<string>
}

/** The files of a directory, each `{ path, size, contentHash, executable? }`. */
export async function listDirectory(artifact: ArtifactRecord, source: Source) {
  return (await load(artifact, source)).files()
}

/** Fills a directory that is new or empty; what fails leaves it as it was. */
export async function getDirectory(artifact: ArtifactRecord, path: string, source: Source): Promise<void> {
  await (await load(artifact, source)).downloadTo(path)
}

async function load(artifact: ArtifactRecord, { store, project, signal }: Source): Promise<Directory> {
  const { loadOutput } = await importPipelines(project.root)
  const { uri, materializer, mediaType, size, contentHash, metadata } = artifact
  const output = { uri, materializer, mediaType, size, contentHash, metadata }
  return (await loadOutput(output, { store, ...(signal === undefined ? {} : { signal }) })) as Directory
}
