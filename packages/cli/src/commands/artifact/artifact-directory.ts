/** Artifacts that are directories, read by `@stack/pipelines`, which wrote them. */
import type { ArtifactRecord } from '@stack/core'
import { importPipelines } from '../../program/pipelines-package.js'
import type { ArtifactSource } from './artifact-bytes.js'

/** What `@stack/pipelines` reads a directory as. */
interface Directory {
  files(): Promise<readonly { readonly path: string; readonly size: number }[]>
  downloadTo(directory: string): Promise<string>
}

/** The files of a directory, each `{ path, size, contentHash, executable? }`. */
export async function listDirectory(artifact: ArtifactRecord, source: ArtifactSource) {
  return (await load(artifact, source)).files()
}

/** Fills a directory that is new or empty; what fails leaves it as it was. */
export async function getDirectory(artifact: ArtifactRecord, path: string, source: ArtifactSource): Promise<void> {
  await (await load(artifact, source)).downloadTo(path)
}

async function load(artifact: ArtifactRecord, { store, project, signal }: ArtifactSource): Promise<Directory> {
  const { loadOutput } = await importPipelines({ projectRoot: project.root })
  const { uri, materializer, mediaType, size, contentHash, metadata } = artifact
  const output = { uri, materializer, mediaType, size, contentHash, metadata }
  return (await loadOutput(output, { store, ...(signal === undefined ? {} : { signal }) })) as Directory
}
