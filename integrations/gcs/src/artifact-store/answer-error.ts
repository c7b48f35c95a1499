/** An answer of the server that is no success. */
import { cutText } from '@stack/object-http'

export class GcsAnswerError extends Error {
  override readonly name = 'GcsAnswerError'
  readonly status: number
  /** The protocol's own word, such as `conditionNotMet`; empty where the answer has none. */
  readonly reason: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** It is a page, and so of something else than the server. */
  readonly isPage: boolean

  constructor(answer: {
    readonly status: number
    readonly text: string
    readonly headers: Readonly<Record<string, string | string[] | undefined>>
  }) {
    const { reason, message } = readErrorBody(answer.text)
    super(cutText(message))
    this.status = answer.status
    this.reason = cutText(reason)
    this.headers = answer.headers
    this.isPage = /^\s*</.test(answer.text)
  }
}

/** An error is JSON, or the bare words where an object's bytes were asked for. */
function readErrorBody(text: string): { reason: string; message: string } {
  const error = fieldOf(parse(text), 'error')
  if (error === undefined) return { reason: '', message: text }
  const errors = fieldOf(error, 'errors')
  return {
    reason: textOf(fieldOf(Array.isArray(errors) ? errors[0] : undefined, 'reason')),
    message: textOf(fieldOf(error, 'message')),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
