/** Where a store's objects live: its config's `path`, taken apart. */
import { StackError } from '../errors/stack-error.js'

/** The root of a store; a path of this machine has the scheme `file` and no authority. */
export interface StoreRoot {
  /** Lower-case, without `://`. */
  readonly scheme: string
  /** The bucket, container or host. */
  readonly authority: string
  /** The segments of the path below it. */
  readonly segments: readonly string[]
}

/**
 * Takes the `path` of a config apart; a path of this machine is read from the project's root.
 * @throws StackError `invalid-path`
 */
export function parseStoreRoot(path: string, projectRoot: string): StoreRoot {
  const uri = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(.*)$/s.exec(path)
  if (uri === null) return localRoot(path, resolvePath(projectRoot, path))
  const [, scheme = '', authority = '', rest = ''] = uri
  if (scheme.toLowerCase() === 'file') return fileRoot(path, authority, rest)
  const segments = rest.replace(/^\/|\/$/g, '').split('/')
  if (segments.length === 1 && segments[0] === '') segments.pop()
  if (authority === '' || segments.some((segment) => ['', '.', '..'].includes(segment) || segment.includes('\0'))) {
    throw invalidRoot(path)
  }
  return { scheme: scheme.toLowerCase(), authority, segments }
}

/** The absolute path of a root on this machine. */
export function localRootPath(root: StoreRoot): string {
  if (root.scheme === 'file') return `/${root.segments.join('/')}`
  throw new StackError('invalid-path', `"${root.scheme}://${root.authority}" is not a path of this machine.`, {
    hint: 'Give an absolute path, one relative to the project, or a file:// URL.',
  })
}

function fileRoot(path: string, authority: string, rest: string): StoreRoot {
  if ((authority !== '' && authority !== 'localhost') || !rest.startsWith('/') || /[?#]|%2f/i.test(rest)) {
    throw invalidRoot(path)
  }
  let decoded: string
  try {
    decoded = decodeURIComponent(rest)
  } catch {
    throw invalidRoot(path)
  }
  return localRoot(decoded, resolvePath(decoded))
}

/** Not imported: Node reads every export of a module that is, and few stores are on this machine. */
function resolvePath(...parts: readonly string[]): string {
  return process.getBuiltinModule('node:path').resolve(...parts)
}

function localRoot(path: string, absolute: string): StoreRoot {
  if (path === '' || path.includes('\0') || absolute.includes('\0') || /^[A-Za-z][A-Za-z0-9+.-]*:\/|\/\//.test(path)) {
    throw invalidRoot(path)
  }
  return { scheme: 'file', authority: '', segments: absolute.split('/').filter((segment) => segment !== '') }
}

function invalidRoot(path: string): StackError {
  return new StackError(
    'invalid-path',
    `${JSON.stringify(path.slice(0, 200))} cannot be the root of an artifact store.`,
    {
      hint: 'Give a path, or a URI of the form scheme://bucket/prefix, without empty segments.',
    },
  )
}
