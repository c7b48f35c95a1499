/** From what a user gives as a path to a key: every form, every traversal, and what is refused. */
import { describe, expect, test } from 'vitest'
import { formatStorePath, parseStorePath } from '../../src/artifact-store/artifact-path.js'
import { artifactStoreConfig } from '../../src/artifact-store/artifact-store-config.js'
import { parseStoreRoot } from '../../src/artifact-store/store-root.js'

const local = parseStoreRoot('/tmp/store', '/')
const bucket = parseStoreRoot('s3://bucket/root', '/')
const refused = expect.objectContaining({ code: 'invalid-path' })

describe('on a local store', () => {
  test.each([
    ['', '', 'relative'],
    ['.', '', 'relative'],
    ['a/b', 'a/b', 'relative'],
    ['a/', 'a', 'relative'],
    ['./a/./b', 'a/b', 'relative'],
    ['a/../b', 'b', 'relative'],
    ['%2e%2e/a', '%2e%2e/a', 'relative'],
    ['a\\..\\b', 'a\\..\\b', 'relative'],
    ['/tmp/store', '', 'absolute'],
    ['/tmp/store/a', 'a', 'absolute'],
    ['/tmp/x/../store/a', 'a', 'absolute'],
    ['/tmp/store/a/../b', 'b', 'absolute'],
    ['file:///tmp/store/a%20b', 'a b', 'uri'],
    ['FILE:///tmp/store/a%2520', 'a%20', 'uri'],
    ['file://localhost/tmp/store/a', 'a', 'uri'],
  ])('%j is the key %j', (path, key, form) => {
    expect(parseStorePath(local, path)).toMatchObject({ key, form })
  })

  test.each([
    '..',
    '../a',
    'a/../..',
    'a/../../store/a',
    '/',
    '/tmp',
    '/tmp/store-evil',
    '/tmp/store-evil/a',
    '/tmp/store/..',
    '/tmp/store/../store/a',
    '/tmp/store/../../etc/passwd',
    '/../tmp/store/a',
    '//tmp/store/a',
    '/tmp//store/a',
    'a//b',
    'http://x',
    'http://x/tmp/store/a',
    's3//b',
    's3:/b',
    's3://bucket/root/a',
    'javascript:/x',
    'file://host/tmp/store/a',
    'file:/tmp/store/a',
    'file:///etc/passwd',
    'file:///tmp/store/%2e%2e/x',
    'file:///tmp/store/a%2fb',
    'file:///tmp/store/%00',
    'file:///tmp/store/%zz',
    'file:///tmp/store/a?b',
    'file:///tmp/store/a#b',
    'a\0b',
    '\udc00',
  ])('%j is invalid-path', (path) => {
    expect(() => parseStorePath(local, path)).toThrow(refused)
  })

  test('a URL is decoded once', () => {
    expect(parseStorePath(local, new URL('file:///tmp/store/a%2520b')).key).toBe('a%20b')
    for (const url of [
      'file:///tmp/store/../x',
      'file:///tmp/store/%2e%2e/x',
      'file:///tmp/store/a%2Fb',
      'https://h/tmp/store/a',
    ]) {
      expect(() => parseStorePath(local, new URL(url))).toThrow(refused)
    }
  })
})

describe('on a bucket', () => {
  test.each([
    ['a/b', 'a/b'],
    ['s3://bucket/root', ''],
    ['s3://bucket/root/', ''],
    ['s3://bucket/root/a%20c', 'a%20c'],
    ['s3://bucket/root/a?x#y', 'a?x#y'],
    ['S3://bucket/root/a/../b', 'b'],
  ])('%j is the key %j', (path, key) => {
    expect(parseStorePath(bucket, path).key).toBe(key)
  })

  test.each([
    's3://bucket',
    's3://bucket2/root/a',
    's3://bucket/root/../other',
    's3://bucket/root2/a',
    's3://bucket/rootless',
    's3://bucket/root//a',
    's3://bucket/../bucket/root/a',
    's3://BUCKET/root/a',
    's3://',
    'gs://bucket/root/a',
    '/root/a',
    '../root/a',
  ])('%j is invalid-path', (path) => {
    expect(() => parseStorePath(bucket, path)).toThrow(refused)
  })

  test('a key is at most 1024 bytes long, the prefix counted', () => {
    const name = 'n'.repeat(199)
    const key = [name, name, name, name, name].join('/')
    expect(parseStorePath(bucket, `${key}/${'x'.repeat(1024 - 1000 - 5)}`).key).toHaveLength(1019)
    expect(() => parseStorePath(bucket, `${key}/${'x'.repeat(1024 - 1000 - 4)}`)).toThrow(refused)
  })
})

test('a key is written back in the form it was given in', () => {
  expect(formatStorePath(local, 'relative', 'a b')).toBe('a b')
  expect(formatStorePath(local, 'absolute', 'a b')).toBe('/tmp/store/a b')
  expect(formatStorePath(local, 'uri', 'a b')).toBe('file:///tmp/store/a%20b')
  expect(formatStorePath(bucket, 'uri', 'a%20b')).toBe('s3://bucket/root/a%20b')
  expect(formatStorePath(bucket, 'uri', '')).toBe('s3://bucket/root')
})

describe('a root', () => {
  test('of this machine is read from the project', () => {
    expect(parseStoreRoot('artifacts/./x/..', '/project').segments).toEqual(['project', 'artifacts'])
    expect(parseStoreRoot('file:///data/a%20b', '/project').segments).toEqual(['data', 'a b'])
  })

  test.each([
    '',
    's3://',
    's3:///x',
    's3://b//x',
    's3://b/../x',
    's3:/b',
    's3//b',
    'file://host/x',
    'file:///a%2fb',
    'a\0',
  ])('is never %j', (path) => {
    expect(() => parseStoreRoot(path, '/project')).toThrow(refused)
  })
})

describe('a config', () => {
  const schema = artifactStoreConfig(['s3://', 's3a://'], {})

  test.each(['s3://bucket', 's3://bucket/', 's3a://bucket/a/.b/..c/...'])('takes %j of a supported scheme', (path) => {
    expect(schema.safeParse({ path }).success).toBe(true)
  })

  test.each([
    'bucket',
    '/bucket',
    's3://',
    's3://b//a',
    's3://b/../a',
    's3://b/.',
    'gs://b',
    's3//b',
    'http://x',
    's3:/b',
  ])('refuses %j', (path) => {
    expect(schema.safeParse({ path }).success).toBe(false)
  })
})
