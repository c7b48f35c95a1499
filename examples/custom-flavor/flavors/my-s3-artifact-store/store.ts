/** The store: makes the SDK's client from the config, once, when it is first used. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { ArtifactStore } from '@stack/core'
import type { MyS3ArtifactStoreConfig } from './config.js'
import { S3Driver } from './s3-driver.js'

export class MyS3ArtifactStore extends ArtifactStore<MyS3ArtifactStoreConfig> {
  protected override connect(): S3Driver {
    const { config } = this
    const { authority: bucket, segments } = this.root
    return new S3Driver(new S3Client(clientConfig(config)), {
      bucket,
      prefix: segments.map((name) => `${name}/`).join(''),
      conditionalWrites: config.conditionalWrites,
      writeParameters: config.s3AdditionalKwargs,
    })
  }
}

/** The SDK's own limit is 50, which bodies that nobody reads to their end soon use up. */
const connections = { keepAlive: true, maxSockets: 64 }

function clientConfig(config: MyS3ArtifactStoreConfig): S3ClientConfig {
  const { key, secret, token, endpoint } = config
  return {
    requestHandler: { httpAgent: connections, httpsAgent: connections },
    ...config.clientKwargs,
    region: config.region,
    forcePathStyle: config.forcePathStyle,
    // Many S3-compatible servers do not understand the checksums the SDK adds by default.
    ...(endpoint === undefined
      ? {}
      : { endpoint, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
    ...(key === undefined || secret === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: key.reveal(),
            secretAccessKey: secret.reveal(),
            ...(token === undefined ? {} : { sessionToken: token.reveal() }),
          },
        }),
  }
}
