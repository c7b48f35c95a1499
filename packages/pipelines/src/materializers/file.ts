/** Files of this machine as artifacts. */
import { ArtifactFile, isArtifactFile } from './artifact-file.js'
import { defineMaterializer } from './materializer.js'

/** The materializer of {@link ArtifactFile}. */
export const fileMaterializer = defineMaterializer<ArtifactFile>({
  name: 'file',
  mediaType: 'application/octet-stream',
  matches: (value) => isArtifactFile(value),
  save: ({ path, name, mediaType }) => ({ content: { file: path }, mediaType, metadata: { name } }),
  async load({ file, mediaType, metadata }) {
    const name = typeof metadata.name === 'string' ? metadata.name : 'content'
    return new ArtifactFile(await file(name), { name, mediaType })
  },
})
