/** The one way from a path as a user gives it to a validated key: containment, traversal, schemes and names. */
import { StackError } from '../errors/stack-error.js'
import type { StoreRoot } from './store-root.js'

/** How a caller wrote a path, and so how full paths are given back. */
export type PathForm = 'relative' | 'absolute' | 'uri'

/** A path inside a store. */
export interface StorePath {
  /** Segments joined by `/`, relative to the store's root; the root is `''`. */
  readonly key: string
  /** It was written with a trailing slash, and so can only name a directory. */
  readonly directory: boolean
  readonly form: PathForm
}

/** The longest key in bytes, the root's prefix counted (S3's limit). */
const maximumKeyBytes = 1024
/** The longest name in bytes (the limit of file systems, and of several object stores). */
const maximumNameBytes = 255

const schemePattern = /^([A-Za-z][A-Za-z0-9+.-]*):\/(\/?)/

/**
 * Turns a relative path, an absolute path, a URI or a URL into a key below the root.
 *
 * Containment is by segment. Percent signs are decoded, once, in a `URL` and in a `file://` string only.
 * @throws StackError `invalid-path`, its message the bare reason.
 */
export function parseStorePath(root: StoreRoot, path: string | URL): StorePath {
  const { form, segments, directory } = path instanceof URL ? readUrl(root, path) : readString(root, path)
  const key = form === 'relative' ? contain([], segments) : contain(root.segments, segments)
  checkLength(root, key)
  return { key, directory, form }
}

/** Writes a key the way the caller wrote the path it came from. */
export function formatStorePath(root: StoreRoot, form: PathForm, key: string): string {
  // A first name such as "C:" reads as a scheme.
  if (form === 'relative') return schemePattern.test(key) ? `./${key}` : key
  const full = [...root.segments, ...(key === '' ? [] : key.split('/'))]
  if (root.scheme !== 'file') return [`${root.scheme}://${root.authority}`, ...full].join('/')
  if (form === 'uri') return `file:///${full.map(encodeURIComponent).join('/')}`
  return `/${full.join('/')}`
}

/**
 * Cuts a full pattern behind its root, which is no pattern whatever characters it holds; null where the pattern is relative, or
 * leads elsewhere.
 */
export function splitAtRoot(root: StoreRoot, pattern: string): readonly [string, string] | null {
  const [head, scheme] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/[^/]*)?\//.exec(pattern) ?? []
  if (head === undefined) return null
  const stack: string[] = []
  let end = head.length
  if (root.segments.length === 0) return [head, pattern.slice(end)]
  for (const segment of pattern.slice(end).split('/')) {
    end += segment.length + 1
    if (segment === '..') stack.pop()
    else if (segment !== '.') stack.push(scheme?.toLowerCase() === 'file' ? decode(segment) : segment)
    const isRoot = stack.length === root.segments.length && root.segments.every((part, index) => part === stack[index])
    if (isRoot) return [pattern.slice(0, end), pattern.slice(end)]
  }
  return null
}

/** Whether a path can hold a name; others may have written names that none can. */
export function isName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false
  return unusual.test(name) ? !name.includes('/') && refusalOf(name) === undefined : fits(name, maximumNameBytes)
}

/** Most names hold none of these: a slash, NUL, halves of surrogate pairs. */
const unusual = /[\0/\ud800-\udfff]/

interface WrittenPath {
  readonly form: PathForm
  readonly segments: readonly string[]
  readonly directory: boolean
}

function readString(root: StoreRoot, path: string): WrittenPath {
  const scheme = schemePattern.exec(path)
  if (scheme === null) {
    const absolute = path.startsWith('/')
    if (absolute && root.scheme !== 'file') throw invalidPath('it begins with a slash')
    return { form: absolute ? 'absolute' : 'relative', ...split(absolute ? path.slice(1) : path) }
  }
  const name = (scheme[1] as string).toLowerCase()
  if (scheme[2] !== '/') throw invalidPath(`"${name}:/" is neither a scheme nor a name`)
  const rest = path.slice(scheme[0].length)
  const slash = rest.indexOf('/')
  const authority = slash === -1 ? rest : rest.slice(0, slash)
  checkOrigin(root, name, authority)
  const tail = slash === -1 ? '' : rest.slice(slash + 1)
  if (name === 'file' && /[?#]/.test(tail)) throw invalidPath('in a file URL "?" and "#" are written %3F and %23')
  const { segments, directory } = split(tail)
  return { form: 'uri', segments: name === 'file' ? segments.map((part) => decode(part)) : segments, directory }
}

function readUrl(root: StoreRoot, url: URL): WrittenPath {
  if (url.search !== '' || url.hash !== '') throw invalidPath('it has a query or a fragment')
  checkOrigin(root, url.protocol.slice(0, -1), url.host)
  const { segments, directory } = split(url.pathname.slice(1))
  return { form: 'uri', segments: segments.map((part) => decode(part)), directory }
}

function checkOrigin(root: StoreRoot, scheme: string, authority: string): void {
  if (scheme !== root.scheme) throw invalidPath(`this store has no "${scheme}://" paths`)
  const local = scheme === 'file' && authority === 'localhost'
  if (authority !== root.authority && !local) throw invalidPath('it is outside the store')
}

function split(text: string): { readonly segments: string[]; readonly directory: boolean } {
  const segments = text.split('/')
  const directory = segments.length > 1 && segments.at(-1) === ''
  if (directory || text === '') segments.pop()
  if (segments.includes('')) throw invalidPath('it has an empty segment ("//")')
  return { segments, directory }
}

function decode(segment: string): string {
  let name: string
  try {
    name = decodeURIComponent(segment)
  } catch {
    throw invalidPath('its percent-encoding is malformed')
  }
  if (name.includes('/')) throw invalidPath('a name holds an encoded slash')
  return name
}

/** Normalises `.` and `..`, and gives what stands below the base; `..` never leaves the base once inside. */
function contain(base: readonly string[], segments: readonly string[]): string {
  const stack: string[] = []
  let inside = base.length === 0
  for (const segment of segments) {
    if (segment === '.') continue
    if (segment === '..') {
      if (stack.length === 0 || (inside && stack.length === base.length)) throw invalidPath('it leaves the store')
      stack.pop()
      continue
    }
    checkName(segment)
    stack.push(segment)
    inside ||= stack.length === base.length && base.every((part, index) => part === stack[index])
  }
  if (!inside) throw invalidPath('it is outside the store')
  return stack.slice(base.length).join('/')
}

function checkName(name: string): void {
  const refusal = refusalOf(name)
  if (refusal !== undefined) throw invalidPath(refusal)
}

/** Why no path can hold a name. */
function refusalOf(name: string): string | undefined {
  if (name.includes('\0')) return 'a name holds a NUL character'
  if (/\p{Surrogate}/u.test(name)) return 'a name is not well-formed Unicode'
  return fits(name, maximumNameBytes) ? undefined : `a name is longer than ${maximumNameBytes} bytes`
}

function checkLength(root: StoreRoot, key: string): void {
  if (!fits(key, keyRoom(root))) throw invalidPath(`its key is longer than ${maximumKeyBytes} bytes`)
}

/** How many bytes a key of the store may have: the root's prefix takes its part. */
export function keyRoom(root: StoreRoot): number {
  if (root.scheme === 'file' || root.segments.length === 0) return maximumKeyBytes
  return maximumKeyBytes - Buffer.byteLength(root.segments.join('/')) - 1
}

/** Whether a text takes no more than so many bytes; a UTF-16 unit takes at most three, so short texts need no counting. */
export function fits(text: string, bytes: number): boolean {
  return text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes
}

function invalidPath(reason: string): StackError {
  return new StackError('invalid-path', reason, {
    hint: 'Give a path relative to the store, or a full path below its root.',
  })
}
