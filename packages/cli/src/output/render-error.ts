/** An error for the person at the terminal: what happened, why, what to do. */
import { errorExitCodes, type StackError } from '@stack/core'
import type { Warning } from '@stack/core/host'
import { sanitize, sanitizeLine } from '@stack/core/host'
import { hintOf } from './hint.js'
import type { Terminal } from './terminal.js'

/** Three lines; a validation has one line of the second kind for each problem. */
export function renderErrorText(error: StackError, terminal: Terminal, options: { readonly debug: boolean }): string {
  const lines = [
    `${terminal.style('error', 'red')}  ${sanitizeLine(error.message)}`,
    ...reasons(error).map((reason) => `${terminal.style('why', 'dim')}    ${sanitizeLine(reason)}`),
    `${terminal.style('do', 'cyan')}     ${sanitizeLine(hintOf(error))}`,
  ]
  if (options.debug) lines.push('', sanitize(traceOf(error)))
  return `${lines.join('\n')}\n`
}

/** A warning: what, and what to do about it. */
export function renderWarning(warning: Warning, terminal: Terminal): string {
  const hint = warning.hint === undefined ? '' : ` ${sanitizeLine(warning.hint)}`
  return `${terminal.style('warning', 'yellow')}  ${sanitizeLine(warning.message)}${hint}\n`
}

function reasons(error: StackError): readonly string[] {
  const { frame } = error.details
  if (typeof frame === 'string' && error.problems.length <= 1) return frame.split('\n')
  if (error.problems.length > 0) {
    return error.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  }
  const cause = error.cause instanceof Error ? error.cause.message.split('\n')[0] : undefined
  if (cause !== undefined && cause !== '' && !error.message.includes(cause)) return [cause]
  return [`${error.code} (exit code ${errorExitCodes[error.code]})`]
}

function traceOf(error: StackError): string {
  const traces: string[] = []
  let each: unknown = error
  while (each instanceof Error && traces.length < 10) {
    traces.push(each.stack ?? each.message)
    each = each.cause
  }
  return traces.join('\ncaused by ')
}
