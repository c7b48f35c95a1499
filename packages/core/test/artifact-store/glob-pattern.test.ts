/** Parts of glob patterns: braces and segments. */
import { describe, expect, test } from 'vitest'
import { expandBraces, parseGlobSegment } from '../../src/artifact-store/glob-pattern.js'

describe('braces', () => {
  test.each([
    ['a', ['a']],
    ['{a,b}', ['a', 'b']],
    ['x{a,b{c,d}}y', ['xay', 'xbcy', 'xbdy']],
    ['{a,b}{c,d}', ['ac', 'ad', 'bc', 'bd']],
    ['{,a}b', ['b', 'ab']],
    ['{a}', ['{a}']],
    ['{a', ['{a']],
    ['a,b}', ['a,b}']],
    ['[{]a,b}', ['[{]a,b}']],
    ['{[,],b}', ['[,]', 'b']],
    ['{a/b,c}/d', ['a/b/d', 'c/d']],
  ])('of %j give %j', (pattern, alternatives) => {
    expect([...expandBraces(pattern)].sort()).toEqual([...alternatives].sort())
  })
})

describe('a segment', () => {
  const matches = (pattern: string, name: string): boolean => {
    const segment = parseGlobSegment(pattern)
    if (segment.kind === 'globstar') return true
    return segment.kind === 'name' ? segment.name === name : segment.matches(name)
  }

  test.each([
    ['*', '.hidden'],
    ['a*c', 'abbc'],
    ['*a*b', 'xaxab'],
    ['?', '😀'],
    ['[a-c]', 'b'],
    ['[!a-c]', 'd'],
    ['[]]', ']'],
    ['[!]]', 'a'],
    ['[a-]', '-'],
    ['[*]', '*'],
    ['a[', 'a['],
    ['[😀-😂]', '😁'],
    ['a\\*', 'a\\b'],
    ['{a}', '{a}'],
    ['[^a]', '^'],
  ])('%j matches %j', (pattern, name) => {
    expect(matches(pattern, name)).toBe(true)
  })

  test.each([
    ['?', ''],
    ['?', 'ab'],
    ['[a-c]', 'd'],
    ['[!a-c]', 'b'],
    ['[c-a]', 'b'],
    ['*a', 'ab'],
    ['[*]', 'x'],
    ['A', 'a'],
  ])('%j does not match %j', (pattern, name) => {
    expect(matches(pattern, name)).toBe(false)
  })

  test('with ** among other characters is refused', () => {
    expect(() => parseGlobSegment('a**')).toThrow(expect.objectContaining({ code: 'invalid-path' }))
  })
})
