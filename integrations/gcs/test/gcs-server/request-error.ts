/** A refusal, as the JSON API words it. */
export class RequestError extends Error {
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, reason: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.reason = reason
    this.headers = headers
  }

  get body(): string {
    const { status, reason, message } = this
    return JSON.stringify({ error: { code: status, message, errors: [{ message, domain: 'global', reason }] } })
  }
}

export function invalid(message: string): RequestError {
  return new RequestError(400, 'invalid', message)
}

export function noSuchObject(bucket: string, name: string): RequestError {
  return new RequestError(404, 'notFound', `No such object: ${bucket}/${name}`)
}
