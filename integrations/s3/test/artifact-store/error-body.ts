/** Errors of the fault proxy, in the protocol's words. */

const codes: Readonly<Record<number, string>> = {
  403: 'RequestTimeTooSkewed',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'SlowDown',
}

/** An error document; an answer to HEAD has no body, whatever it is given. */
export function errorBody({ status }: { readonly status: number }) {
  const code = codes[status] ?? 'InternalError'
  return {
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>injected</Message></Error>`,
    headers: { 'content-type': 'application/xml' },
  }
}
