/** How artifacts are shown. */
import type { ArtifactRecord } from '@stack/core'

/** The data of an artifact, as `--json` prints it. */
export function artifactView(artifact: ArtifactRecord) {
  const { id, name, version, uri, mediaType, size, contentHash, materializer, metadata, createdAt } = artifact
  const producedBy = { run: artifact.run, step: artifact.invocation, output: artifact.output }
  return { id, name, version, uri, mediaType, size, contentHash, producedBy, metadata, materializer, createdAt }
}
