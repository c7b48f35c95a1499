import { readFileSync } from 'node:fs'
import { z } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { myS3ArtifactStoreConfig } from '../../../flavors/my-s3-artifact-store/config.js'
import { MyS3ArtifactStoreFlavor } from '../../../flavors/my-s3-artifact-store/flavor.js'

describe('the config', () => {
  it('needs nothing but a path', () => {
    expect(myS3ArtifactStoreConfig.parse({ path: 's3://bucket/prefix' })).toEqual({
      path: 's3://bucket/prefix',
      region: 'us-east-1',
      forcePathStyle: false,
      conditionalWrites: false,
      clientKwargs: {},
      s3AdditionalKwargs: {},
    })
  })

  it.each(['http://x', 's3//b', '/tmp/store', 's3://', 's3://bucket//x', 's3://bucket/../other', 'gs://bucket'])(
    'refuses the path %j',
    (path) => {
      expect(myS3ArtifactStoreConfig.safeParse({ path }).error?.issues.map((issue) => issue.path)).toEqual([['path']])
    },
  )

  it('refuses a field it does not know and a value of the wrong type, both at once', () => {
    const { error } = myS3ArtifactStoreConfig.safeParse({ path: 's3://b', forcePathStyle: 'yes', sekret: 'x' })
    expect(error?.issues.map((issue) => issue.code)).toEqual(['invalid_type', 'unrecognized_keys'])
  })

  it('marks key, secret and token as secrets in JSON Schema, and nothing else', () => {
    const { properties } = z.toJSONSchema(myS3ArtifactStoreConfig, { io: 'input' })
    const secrets = Object.entries(properties ?? {}).filter(([, field]) => (field as { writeOnly?: boolean }).writeOnly)
    expect(secrets.map(([name]) => name)).toEqual(['key', 'secret', 'token'])
  })
})

it('comes without the SDK: neither the flavor nor its config imports one', () => {
  for (const file of ['config.ts', 'flavor.ts']) {
    const source = readFileSync(new URL(`../../../flavors/my-s3-artifact-store/${file}`, import.meta.url), 'utf8')
    expect(source).not.toMatch(/^import .*aws-sdk|^import .*store\.js/m)
  }
  expect(MyS3ArtifactStoreFlavor).toMatchObject({ type: 'artifact-store', name: 'my_s3_artifact_store' })
})
