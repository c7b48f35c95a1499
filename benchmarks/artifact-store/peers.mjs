/** The clients that are compared: all at the same server, with the same credentials and their own defaults. */

export const bucket = 'bucket'
const region = 'us-east-1'
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }

/** Our store. It sends and checks CRC-32, as the SDK does by default. */
export async function openS3Store({ endpoint }) {
  const { Secret, silentLog } = await import('@stack/core')
  const { s3ArtifactStoreFlavor } = await import('@stack/flavor-s3/artifact-store')
  const Store = await s3ArtifactStoreFlavor.load()
  const config = s3ArtifactStoreFlavor.config.parse({
    path: `s3://${bucket}/prefix`,
    endpoint,
    region,
    forcePathStyle: true,
    checksums: 'when-supported',
  })
  const secrets = { key: new Secret(credentials.accessKeyId), secret: new Secret(credentials.secretAccessKey) }
  const context = { id: 'store', name: 'store', settings: {}, projectRoot: '/', log: silentLog }
  return new Store({ ...context, config: { ...config, ...secrets } })
}

export async function makeS3Client({ endpoint }) {
  const { S3Client } = await import('@aws-sdk/client-s3')
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true })
}

export async function openFlystorage(server) {
  const { FileStorage } = await import('@flystorage/file-storage')
  const { AwsS3StorageAdapter } = await import('@flystorage/aws-s3')
  return new FileStorage(new AwsS3StorageAdapter(await makeS3Client(server), { bucket, prefix: 'prefix' }))
}

export async function openUnstorage({ endpoint }) {
  const { createStorage } = await import('unstorage')
  const { default: driver } = await import('unstorage/drivers/s3')
  return createStorage({ driver: driver({ ...credentials, endpoint, region, bucket }) })
}

export async function openFilesSdk({ endpoint }) {
  const { Files } = await import('files-sdk')
  const { s3 } = await import('files-sdk/s3')
  return new Files({ adapter: s3({ bucket, region, endpoint, credentials, forcePathStyle: true }) })
}

/** undici by itself, into new memory: no signature, no checksum, no retries. */
export async function openUndici({ endpoint }) {
  const { Pool } = await import('undici')
  const pool = new Pool(endpoint)
  return {
    async get(key) {
      const { body } = await pool.request({ method: 'GET', path: `/${bucket}/${key}` })
      return body.arrayBuffer()
    },
  }
}

export async function openLocalStore(path) {
  const { silentLog } = await import('@stack/core')
  const { localArtifactStoreFlavor } = await import('@stack/flavor-local/artifact-store')
  const Store = await localArtifactStoreFlavor.load()
  const config = localArtifactStoreFlavor.config.parse({ path })
  return new Store({ id: 'store', name: 'store', config, settings: {}, projectRoot: '/', log: silentLog })
}
