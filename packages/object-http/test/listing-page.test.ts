/** Keys in a bucket, and its listings as entries of a store. */
import { expect, it } from 'vitest'
import { BucketLocation } from '../src/index.js'
import { toPage } from '../src/listing-page.js'

const location = new BucketLocation({ authority: 'bucket', segments: ['a', 'b'] })

it('keys stand below the prefix, and are counted in bytes with it', () => {
  expect(location).toMatchObject({ bucket: 'bucket', prefix: 'a/b/' })
  expect(location.objectKey('c/d')).toBe('a/b/c/d')
  expect(location.storeKey('a/b/c/d')).toBe('c/d')
  expect([location.directoryPrefix(''), location.directoryPrefix('c')]).toEqual(['a/b/', 'a/b/c/'])
  expect(location.objectKey('é'.repeat(510))).toHaveLength(514)
  expect(() => location.objectKey(`${'é'.repeat(510)}x`)).toThrow('1024')
  expect(location.listedKey(`${'é'.repeat(510)}x`)).toHaveLength(515)
})

it('a key that is not below the prefix is no answer', () => {
  const stray = { key: 'a/c', kind: 'file' as const, size: 1 }
  expect(() => toPage({ location, prefix: 'a/b/' }, { objects: [stray], prefixes: [] })).toThrow(
    '"a/c", which is not below "a/b/"',
  )
  expect(() => toPage({ location, prefix: 'a/b/' }, { objects: [], prefixes: ['a/c/'] })).toThrow('not below')
})

it('objects and prefixes of a page are in one order, a directory counting as its name with a slash', () => {
  const objects = ['a/b/', 'a/b/x', 'a/b/x-', 'a/b/x/', 'a/b/\u{1f600}', 'a/b/\uffff'].map((key) => ({
    ...{ key, kind: 'file' as const, size: 1 },
  }))
  const { entries } = toPage({ location, prefix: 'a/b/' }, { objects, prefixes: ['a/b/x0/', 'a/b/w/'] })
  expect(entries.map(({ key, kind }) => [key, kind])).toEqual([
    ['', 'file'],
    ['w', 'directory'],
    ['x', 'file'],
    ['x-', 'file'],
    ['x/', 'file'],
    ['x0', 'directory'],
    ['\uffff', 'file'],
    ['\u{1f600}', 'file'],
  ])
})
