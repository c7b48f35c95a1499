/** Makes a store on S3 as a program does, from a config that is checked, and calls nothing of it. */
import { Secret, silentLog } from '@stack/core'
import { s3ArtifactStoreFlavor } from '@stack/flavor-s3/artifact-store'

const Store = await s3ArtifactStoreFlavor.load()
const config = s3ArtifactStoreFlavor.config.parse({ path: 's3://bucket/prefix', region: 'us-east-1' })
const secrets = {
  key: new Secret('AKIAIOSFODNN7EXAMPLE'),
  secret: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
}
const context = { id: 'store', name: 'store', settings: {}, projectRoot: '/', log: silentLog }
new Store({ ...context, config: { ...config, ...secrets } })
