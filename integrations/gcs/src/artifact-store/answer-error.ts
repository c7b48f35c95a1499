/** An answer of the server that is no success. */

export class GcsAnswerError extends Error {
  override readonly name = 'GcsAnswerError'
  readonly status: number
  /** The protocol's own word, such as `conditionNotMet`; empty where the answer has none. */
  readonly reason: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>

  constructor(answer: {
    readonly status: number
    readonly text: string
    readonly headers: Readonly<Record<string, string | string[] | undefined>>
  }) {
    const { reason, message } = readErrorBody(answer.text)
    super(message)
    this.status = answer.status
    this.reason = reason
    this.headers = answer.headers
  }
}

/** An error is JSON, or the bare words where an object's bytes were asked for. */
function readErrorBody(text: string): { reason: string; message: string } {
  try {
    const { error } = JSON.parse(text) as ErrorBody
    return { reason: error?.errors?.[0]?.reason ?? '', message: error?.message ?? '' }
  } catch {
    return { reason: '', message: text.slice(0, 200).trim() }
  }
}

interface ErrorBody {
  readonly error?: { readonly message?: string; readonly errors?: readonly { readonly reason?: string }[] }
}
