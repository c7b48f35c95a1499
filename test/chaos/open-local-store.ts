/** Opens a project's local artifact store without the project: the flavor alone, on the folder that a component names. */
import { type ArtifactStore, type ComponentClass, silentLog } from '@stack/core'
import { localArtifactStoreConfig, localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'

/** The store at `path`, which may be relative to the project. */
export async function openLocalStore(projectRoot: string, path: string): Promise<ArtifactStore> {
  const LocalArtifactStore: ComponentClass<'artifact-store', unknown, unknown> =
    (await localArtifactStoreFlavor.load()) as never
  const config = localArtifactStoreConfig.parse({ path })
  return new LocalArtifactStore({ id: 'audit', name: 'audit', config, settings: {}, projectRoot, log: silentLog })
}
