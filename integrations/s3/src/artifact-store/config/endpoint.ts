/** Where a bucket is and how its requests are signed. */
import type { S3Client } from '@aws-sdk/client-s3'
import { StackError } from '@stack/core'
import type { S3ArtifactStoreConfig } from './config.js'

export interface ResolvedEndpoint {
  readonly endpoint: URL
  readonly region: string
  readonly service: string
  /** Signature Version 4, or its asymmetric variant, which several regions accept. */
  readonly signature: 'sigv4' | 'sigv4a'
}

/** A name that no rule of the SDK makes anything else of; two hyphens mark directory buckets and aliases. */
const plainBucket = /^(?!.*--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/**
 * Where a bucket is as the config says by itself: at an endpoint of its own, with the bucket in the path. Undefined where
 * it leaves anything to the SDK's rules.
 */
export function toldEndpoint(config: S3ArtifactStoreConfig, bucket: string): ResolvedEndpoint | undefined {
  const { endpoint, region, forcePathStyle, profile, clientConfig } = config
  if (endpoint === undefined || region === undefined || profile !== undefined || !forcePathStyle) return undefined
  if (!URL.canParse(endpoint) || !/^[a-z0-9-]+$/.test(region) || !plainBucket.test(bucket)) return undefined
  if (Object.keys(clientConfig).length > 0) return undefined
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}`)
  return { endpoint: url, region, service: 's3', signature: 'sigv4' }
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
