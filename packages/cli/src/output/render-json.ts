/** The envelopes of `--json`. */
import type { StackError } from '@stack/core'
import type { Warning } from '@stack/core/host'
import { hintOf } from './hint.js'
import { sanitizeJson } from './sanitize.js'

/** `{ schemaVersion, data, warnings }`. */
export function renderData(data: unknown, warnings: readonly Warning[]): string {
  return render({ schemaVersion: 1, data, warnings })
}

/** `{ schemaVersion, error: { code, message, hint, problems }, warnings }`; with `--debug` the stack trace too. */
export function renderError(
  error: StackError,
  warnings: readonly Warning[],
  options: { readonly debug: boolean },
): string {
  const shown = {
    ...error.toJSON(),
    hint: hintOf(error),
    problems: error.problems,
    ...(options.debug ? { stack: error.stack ?? '' } : {}),
  }
  return render({ schemaVersion: 1, error: shown, warnings })
}

function render(value: unknown): string {
  return `${sanitizeJson(JSON.stringify(value, null, 2))}\n`
}
