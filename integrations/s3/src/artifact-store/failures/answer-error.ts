/** An answer of a server that is no success, as the data plane reads it. */
import { cutText } from '@stack/object-http'

export class S3AnswerError extends Error {
  override readonly name = 'S3AnswerError'
  readonly status: number
  /** The protocol's own code, such as `NoSuchKey`; empty where the answer has none. */
  readonly code: string
  readonly headers: Readonly<Record<string, string | undefined>>

  constructor(answer: {
    readonly status: number
    readonly code?: string | undefined
    readonly message?: string | undefined
    readonly headers: Readonly<Record<string, string | undefined>>
  }) {
    super(cutText(answer.message ?? ''))
    this.status = answer.status
    this.code = cutText(answer.code ?? '')
    this.headers = answer.headers
  }
}
