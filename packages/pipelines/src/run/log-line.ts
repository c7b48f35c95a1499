/** One line of a step's log, as it is kept (NDJSON) and as it is shown. */
import type { LogEvent, LogFields } from '@stack/core'

export type LogLine = Omit<LogEvent, 'kind' | 'ref'>

/** Where a log's lines go. */
export interface LogLines {
  /** Takes a line, which is made only where there is room for it. */
  add(make: () => LogLine): void
  /** Resolves when what was taken is kept; what comes later is ignored. Never rejects: a log fails no step. */
  close(): Promise<void>
}

/** The most characters of a message, and of the JSON of a line's fields. */
const maximumLineLength = 64 * 1024
const roomForNote = 64

/** A line as JSON: without known secrets, and what is too long is cut. Takes whatever a step may give for a line. */
export function formatLogLine({ at, level, message, fields }: LogLine, redact: <T>(value: T) => T): string {
  // First without secrets, then cut: the beginning of a secret is none that is known.
  const text = cut(redact(textOf(message)))
  return JSON.stringify({
    at,
    level,
    message: text,
    ...(fields === undefined ? {} : { fields: redact(toJson(fields)) }),
  })
}

/** What is cut is not cut again in the process that keeps it. */
function cut(text: string): string {
  if (text.length <= maximumLineLength) return text
  const start = text.slice(0, maximumLineLength - roomForNote)
  return `${start}… (${text.length - start.length} more characters were cut)`
}

function textOf(message: unknown): string {
  try {
    return String(message)
  } catch {
    return 'a message that cannot be printed'
  }
}

/** Fields as JSON has them. */
function toJson(fields: unknown): LogFields {
  try {
    const text = JSON.stringify(fields)
    if (text.length > maximumLineLength) return { cut: `${text.length} characters` }
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value }
  } catch {
    return { unserialisable: true }
  }
}
