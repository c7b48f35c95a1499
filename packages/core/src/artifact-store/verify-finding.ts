/** What the checks of `verify` find. */
import { isStackError } from '../errors/stack-error.js'
import type { VerifyCheck } from './driver.js'

/** What a check found; its name says who runs it. */
export type Finding = Omit<VerifyCheck, 'name'>

export function ok(message: string): Finding {
  return { status: 'ok', message }
}

export function warn(message: string, hint?: string): Finding {
  return { status: 'warning', message, ...(hint !== undefined && { hint }) }
}

export function fail(message: string, hint?: string): Finding {
  return { status: 'failed', message, ...(hint !== undefined && { hint }) }
}

/** What a check found that threw: the code, the reason, and what helps. */
export function thrown(error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error)
  if (!isStackError(error)) return fail(reason)
  return { code: error.code, ...fail(`${error.code}: ${reason}`, error.hint) }
}
