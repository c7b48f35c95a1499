/**
 * The check of what was found by looking upward and would be used: somebody else's `.stack/`, package.json, tsconfig or
 * `node_modules` would run that user's code as this one. After git's `safe.directory` (CVE-2022-24765).
 */
import { dirname } from 'node:path'
import { StackError } from '../../errors/stack-error.js'
import { shellWord } from '../shell-word.js'
import { type Environment, ownerBeyond, trustedOwners } from './owners.js'
import { isSafeDirectory } from './safe-directories.js'

/** By what else than the process a path is judged. */
export interface TrustOptions {
  /** `process.env` unless given. */
  readonly env?: Environment
  /** One more user whose files are used. */
  readonly owner?: number
}

/**
 * Throws where a path, or what it links to, belongs neither to this user, nor to root, nor for root to `SUDO_UID`, and
 * `STACK_SAFE_DIRECTORIES` does not list the directory it is in. What is not there passes.
 * @throws StackError `permission-denied`, with the owner and the ways out.
 */
export function requireTrusted(path: string, { env = process.env, owner: also = 0 }: TrustOptions = {}): void {
  const owners = trustedOwners(env)
  const owner = owners === undefined ? undefined : ownerBeyond(path, new Set([...owners, also]))
  const directory = dirname(path)
  if (owner === undefined || isSafeDirectory(directory, env)) return
  const place = shellWord(directory)
  throw new StackError(
    'permission-denied',
    `"${path}" belongs to another user (uid ${owner}), and nobody asked for it by name: it is not used.`,
    {
      hint: `If you trust that user, name the project with --project ${place} or STACK_PROJECT=${place}, or list the directory: STACK_SAFE_DIRECTORIES=${place}`,
      details: { path, owner },
    },
  )
}

/** Whose files are trusted at present, as a text: what was cached by another rule is not used. */
export function trustKey(env: Environment = process.env): string {
  return `${[...(trustedOwners(env) ?? [])]} ${env.STACK_SAFE_DIRECTORIES ?? ''}`
}
