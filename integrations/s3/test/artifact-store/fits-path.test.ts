/** Keys that a path would change are deleted by a body. */
import { expect, it } from 'vitest'
import { fitsPath } from '../../src/artifact-store/calls/fits-path.js'

it.each(['a', 'a/b', 'a/b/', '.a', 'a.', '...', 'a/..b/c', 'a/...'])('%j is itself in a path', (key) => {
  expect(fitsPath(key)).toBe(true)
})

it.each(['a//b', '/a', '//', 'a//', '.', '..', 'a/..', 'a/.', './a', '../a', 'a/./b', 'a/../b', 'a/../'])(
  '%j is another one in a path',
  (key) => {
    expect(fitsPath(key)).toBe(false)
  },
)
