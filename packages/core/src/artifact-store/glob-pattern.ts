/** Glob patterns: braces expanded, each alternative taken apart into segments that match names in linear memory. */
import { StackError } from '../errors/stack-error.js'
import { splitAtRoot } from './artifact-path.js'
import type { StoreRoot } from './store-root.js'

/** One segment of a pattern: a plain name, any number of directories, or a matcher of names. */
export type GlobSegment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'globstar' }
  | { readonly kind: 'match'; readonly matches: (name: string) => boolean }

type Token = { readonly star: true } | { readonly star: false; readonly accepts: (character: string) => boolean }

/** More alternatives than this are refused: braces multiply. */
const maximumAlternatives = 1000

/**
 * Expands the braces of a pattern of a store; those of its root are names.
 * @throws StackError `invalid-path` for more than a thousand alternatives.
 */
export function expandPattern(root: StoreRoot, pattern: string): readonly string[] {
  const [base, rest] = splitAtRoot(root, pattern) ?? ['', pattern]
  return expandBraces(rest).map((alternative) => base + alternative)
}

/**
 * Expands `{a,b}`, also nested; brackets protect what they hold, and braces without a comma are themselves.
 * @throws StackError `invalid-path` for more than a thousand alternatives.
 */
export function expandBraces(pattern: string): readonly string[] {
  const done: string[] = []
  const open = [pattern]
  while (open.length > 0) {
    const next = open.pop() as string
    const group = findBraces(next)
    if (group === null) done.push(next)
    else for (const option of group.options) open.push(`${next.slice(0, group.start)}${option}${next.slice(group.end)}`)
    if (done.length + open.length > maximumAlternatives) {
      throw new StackError('invalid-path', `the pattern has more than ${maximumAlternatives} alternatives`)
    }
  }
  return done
}

/**
 * Takes one segment apart. `*` matches any run of characters (also a leading dot), `?` one, `[a-c]` and `[!a-c]` one of
 * a set, which is how a wildcard is escaped; a backslash is a backslash.
 * @throws StackError `invalid-path` for `**` that is not a whole segment.
 */
export function parseGlobSegment(segment: string): GlobSegment {
  if (segment === '**') return { kind: 'globstar' }
  if (segment.includes('**')) throw new StackError('invalid-path', '"**" can only be a whole segment of a pattern')
  const tokens = tokenize(segment)
  if (tokens === null) return { kind: 'name', name: segment }
  return { kind: 'match', matches: (name) => matchTokens(tokens, Array.from(name)) }
}

/** The tokens of a segment, or null where it holds no wildcard. */
function tokenize(segment: string): readonly Token[] | null {
  const characters = Array.from(segment)
  const tokens: Token[] = []
  let wild = false
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] as string
    const close = character === '[' ? closingBracket(characters, index) : -1
    if (close !== -1) {
      tokens.push({ star: false, accepts: characterSet(characters.slice(index + 1, close)) })
      index = close
    } else if (character === '*') tokens.push({ star: true })
    else if (character === '?') tokens.push({ star: false, accepts: () => true })
    else {
      tokens.push({ star: false, accepts: (other) => other === character })
      continue
    }
    wild = true
  }
  return wild ? tokens : null
}

/** Where a set that opens at `start` closes; a bracket that comes first in it is one of its characters. */
function closingBracket(characters: readonly string[], start: number): number {
  const first = characters[start + 1] === '!' ? start + 2 : start + 1
  return characters.indexOf(']', first + 1)
}

function characterSet(content: readonly string[]): (character: string) => boolean {
  const negated = content[0] === '!'
  const members = negated ? content.slice(1) : content
  const ranges: (readonly [number, number])[] = []
  for (let index = 0; index < members.length; index += 1) {
    const from = codePoint(members[index])
    const isRange = members[index + 1] === '-' && index + 2 < members.length
    ranges.push([from, isRange ? codePoint(members[index + 2]) : from])
    if (isRange) index += 2
  }
  return (character) =>
    ranges.some(([from, to]) => from <= codePoint(character) && codePoint(character) <= to) !== negated
}

function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? -1
}

/** Matches with one point of return, the last star: at worst the product of both lengths, never more. */
function matchTokens(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0
  let position = 0
  let star = -1
  let starPosition = 0
  while (position < name.length) {
    const current = tokens[token]
    if (current?.star) {
      star = token
      starPosition = position
      token += 1
    } else if (current !== undefined && !current.star && current.accepts(name[position] as string)) {
      token += 1
      position += 1
    } else if (star !== -1) {
      token = star + 1
      starPosition += 1
      position = starPosition
    } else return false
  }
  return tokens.slice(token).every((rest) => rest.star)
}

interface BraceGroup {
  readonly start: number
  readonly end: number
  readonly options: readonly string[]
}

/** The first group of braces with a comma. */
function findBraces(pattern: string): BraceGroup | null {
  for (let start = pattern.indexOf('{'); start !== -1; start = pattern.indexOf('{', start + 1)) {
    if (insideBrackets(pattern, start)) continue
    const group = readBraces(pattern, start)
    if (group !== null) return group
  }
  return null
}

function readBraces(pattern: string, start: number): BraceGroup | null {
  const options: string[] = []
  let depth = 0
  let from = start + 1
  for (let index = start; index < pattern.length; index += 1) {
    const character = pattern[index]
    if (character === '[') index = skipBrackets(pattern, index)
    else if (character === '{') depth += 1
    else if (character === ',' && depth === 1) {
      options.push(pattern.slice(from, index))
      from = index + 1
    } else if (character === '}') {
      depth -= 1
      if (depth > 0) continue
      if (options.length === 0) return null
      options.push(pattern.slice(from, index))
      return { start, end: index + 1, options }
    }
  }
  return null
}

function insideBrackets(pattern: string, position: number): boolean {
  for (let index = 0; index < position; index += 1) {
    if (pattern[index] !== '[') continue
    const close = skipBrackets(pattern, index)
    if (close > position) return true
    index = close
  }
  return false
}

/** The index of the bracket that closes a set, or of the opening one where it never closes within its segment. */
function skipBrackets(pattern: string, start: number): number {
  const slash = pattern.indexOf('/', start)
  const segment = pattern.slice(start, slash === -1 ? undefined : slash)
  const close = closingBracket(segment.split(''), 0)
  return close === -1 ? start : start + close
}
