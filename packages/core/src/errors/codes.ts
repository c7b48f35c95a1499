/** The closed set of error codes, and the exit code each ends a program with. */

/**
 * Every code a {@link StackError} may carry, mapped to the process exit code it ends with:
 * 1 unexpected, 2 usage or validation, 3 not found, 4 not permitted, 5 exists or conflict, 6 in use or precondition,
 * 7 the run failed, 8 infrastructure, 130 interrupted.
 */
export const errorExitCodes = {
  unexpected: 1,

  usage: 2,
  'unknown-component-type': 2,
  'unknown-flavor': 2,
  'ambiguous-flavor': 2,
  'invalid-name': 2,
  'invalid-config': 2,
  'invalid-settings': 2,
  'invalid-params': 2,
  'invalid-stack': 2,
  'invalid-pipeline': 2,
  'handle-used-as-value': 2,
  'invalid-flavor': 2,
  'invalid-manifest': 2,
  'invalid-reference': 2,
  'secret-plain-text': 2,
  'contract-mismatch': 2,
  'source-error': 2,
  'invalid-path': 2,
  'is-a-directory': 2,
  'not-a-directory': 2,
  'range-not-satisfiable': 2,
  unsupported: 2,

  'not-found': 3,

  'permission-denied': 4,
  unauthenticated: 4,

  'already-exists': 5,
  conflict: 5,

  'in-use': 6,
  'precondition-failed': 6,
  'directory-not-empty': 6,
  'database-newer': 6,

  'step-failed': 7,
  'invalid-output': 7,
  'invalid-input': 7,

  'flavor-unloadable': 8,
  'checksum-mismatch': 8,
  'rate-limited': 8,
  unavailable: 8,
  'no-space': 8,
  'timed-out': 8,
  'database-corrupt': 8,

  interrupted: 130,
} as const

/** One code of the closed set. */
export type ErrorCode = keyof typeof errorExitCodes

/** Says whether a value is a code of the closed set. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorExitCodes, value)
}
