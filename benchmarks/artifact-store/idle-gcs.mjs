/** Makes a store on GCS as a program does, from a config that is checked, and calls nothing of it. */
import { silentLog } from '@stack/core'
import { gcsArtifactStoreFlavor } from '@stack/flavor-gcs/artifact-store'

const Store = await gcsArtifactStoreFlavor.load()
const config = gcsArtifactStoreFlavor.config.parse({ path: 'gs://bucket/prefix' })
new Store({ id: 'store', name: 'store', config, settings: {}, projectRoot: '/', log: silentLog })
