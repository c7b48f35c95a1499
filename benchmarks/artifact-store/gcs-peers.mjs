/** The clients of GCS that are compared, both without credentials: what authentication costs is not measured. */
import Module from 'node:module'

export const bucket = 'bucket'

export async function openGcsStore({ endpoint }) {
  const { silentLog } = await import('@stack/core')
  const { gcsArtifactStoreFlavor } = await import('@stack/flavor-gcs/artifact-store')
  const Store = await gcsArtifactStoreFlavor.load()
  const config = gcsArtifactStoreFlavor.config.parse({ path: `gs://${bucket}/prefix`, endpoint })
  return new Store({ id: 'store', name: 'store', config, settings: {}, projectRoot: '/', log: silentLog })
}

/** The library as it is documented for an emulator. */
export async function makeStorage({ endpoint }) {
  const { Storage } = await import('@google-cloud/storage')
  return new Storage({ apiEndpoint: endpoint, projectId: 'project' })
}

/** Makes this process one where `aws-crt` is not installed. */
export function hideAwsCrt() {
  const { _resolveFilename: resolve } = Module
  Module._resolveFilename = (name, ...rest) => {
    if (name.startsWith('aws-crt')) throw new Error(`${name} is hidden.`)
    return resolve(name, ...rest)
  }
}
