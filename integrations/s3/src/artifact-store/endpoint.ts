/** Asks the SDK where a bucket is and how its requests are signed. */
import type { S3Client } from '@aws-sdk/client-s3'
import { StackError } from '@stack/core'

export interface ResolvedEndpoint {
  readonly endpoint: URL
  readonly region: string
  readonly service: string
}

/**
 * Resolves a bucket by the SDK's rules.
 * @throws StackError `unsupported` where requests to it are signed in another way than by Signature Version 4.
 */
export async function resolveEndpoint(client: S3Client, bucket: string): Promise<ResolvedEndpoint> {
  const { config } = client
  const region = await config.region()
  const custom = await config.endpoint?.()
  const { url, properties } = config.endpointProvider({
    Bucket: bucket,
    Region: region,
    ForcePathStyle: config.forcePathStyle === true,
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
    Accelerate: config.useAccelerateEndpoint === true,
    UseArnRegion: (await useArnRegion(config.useArnRegion)) === true,
    ...(custom === undefined ? {} : { Endpoint: originOf(custom) }),
  })
  const [scheme] = (properties?.authSchemes ?? []) as readonly AuthScheme[]
  if (scheme !== undefined && scheme.name !== 'sigv4') {
    throw new StackError('unsupported', `requests to ${JSON.stringify(bucket)} are signed by ${scheme.name}`, {
      hint: 'Name an ordinary bucket, or an access point of one region.',
    })
  }
  return { endpoint: url, region: scheme?.signingRegion ?? region, service: scheme?.signingName ?? 's3' }
}

interface AuthScheme {
  readonly name: string
  readonly signingName?: string
  readonly signingRegion?: string
}

function originOf(custom: {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number | undefined
  readonly path: string
}): string {
  const port = custom.port === undefined ? '' : `:${custom.port}`
  return `${custom.protocol}//${custom.hostname}${port}${custom.path}`
}

/** The SDK gives it as a value or as a function. */
async function useArnRegion(given: S3Client['config']['useArnRegion']): Promise<boolean | undefined> {
  return typeof given === 'function' ? given() : given
}
