/** Asks the SDK where a bucket is and how its requests are signed. */
import type { S3Client } from '@aws-sdk/client-s3'
import { StackError } from '@stack/core'

export interface ResolvedEndpoint {
  readonly endpoint: URL
  readonly region: string
  readonly service: string
  /** Signature Version 4, or its asymmetric variant, which several regions accept. */
  readonly signature: 'sigv4' | 'sigv4a'
}

/**
 * Resolves a bucket by the SDK's rules.
 * @throws StackError `unsupported` for a directory bucket.
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
  const signature = scheme?.name ?? 'sigv4'
  if (signature !== 'sigv4' && signature !== 'sigv4a') {
    throw new StackError(
      'unsupported',
      `${JSON.stringify(bucket)} is a directory bucket, which lists keys in no order`,
      {
        hint: 'Name a general purpose bucket, or an access point of one.',
      },
    )
  }
  return { endpoint: url, region: scheme?.signingRegion ?? region, service: scheme?.signingName ?? 's3', signature }
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
