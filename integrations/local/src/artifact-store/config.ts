/** Config and settings of the local artifact store. */
import { artifactStorePath, z } from '@stack/core'

/** What a `path` may begin with: nothing, for a path of this machine, or `file://`. */
export const localArtifactStoreSchemes = ['', 'file://'] as const

export const localArtifactStoreConfig = z.strictObject({
  path: artifactStorePath(localArtifactStoreSchemes).default('.stack/artifacts'),
  durable: z
    .boolean()
    .default(true)
    .describe(
      'Whether a finished write survives a power cut; without it a write only survives the end of the process.',
    ),
})
export type LocalArtifactStoreConfig = z.output<typeof localArtifactStoreConfig>
