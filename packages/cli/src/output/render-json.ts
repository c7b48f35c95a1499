/** The envelopes of `--json`. */
import type { StackError } from '@stack/core'
import { sanitizeJson, type Warning } from '@stack/core/host'
import { hintOf } from './hint.js'

/** `{ schemaVersion, data, warnings }`. */
export function renderData(data: unknown, warnings: readonly Warning[]): string {
  return `${sanitizeJson({ schemaVersion: 1, data, warnings })}\n`
}

/** `{ schemaVersion, error: { code, message, hint, problems }, warnings }`; with `--debug` the stack trace too. */
export function renderError(
  error: StackError,
  warnings: readonly Warning[],
  options: { readonly debug: boolean },
): string {
  const shown = {
    ...serialisable(error),
    hint: hintOf(error),
    problems: error.problems,
    ...(options.debug ? { stack: error.stack ?? '' } : {}),
  }
  return `${sanitizeJson({ schemaVersion: 1, error: shown, warnings })}\n`
}

/** The JSON form of an error; without its details where a flavor put into them what JSON has no form for. */
function serialisable(error: StackError): object {
  const { details, ...rest } = error.toJSON()
  try {
    return { ...rest, ...(details === undefined ? {} : { details: JSON.parse(JSON.stringify(details)) }) }
  } catch {
    return rest
  }
}
