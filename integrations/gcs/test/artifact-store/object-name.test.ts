/** Names that GCS has none of are refused, and hidden where an emulator lists them. */
import { expect, it } from 'vitest'
import { checkObjectName, isObjectName } from '../../src/artifact-store/object-name.js'

it.each(['.', '..', '.well-known/acme-challenge/x', 'a\nb', 'a\rb'])('%j is refused', (name) => {
  expect(isObjectName(name)).toBe(false)
  expect(() => checkObjectName(name)).toThrow('a name in GCS cannot')
})

it.each(['a', 'a/b', '.a', 'root/.well-known/acme-challenge/x', 'a//b'])('%j is taken', (name) => {
  expect(isObjectName(name)).toBe(true)
  expect(checkObjectName(name)).toBe(name)
})
