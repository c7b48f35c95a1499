/** Checks URLs that are signed by Signature Version 4: https://cloud.google.com/storage/docs/authentication/signatures */
import { createHash, createVerify, type KeyObject } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { RequestError } from './request-error.js'

/** @throws RequestError 403, or 400 where it has expired. */
export function checkSignature(request: IncomingMessage, publicKey: KeyObject): void {
  const [path = '', search = ''] = (request.url ?? '').split('?')
  const pairs = search.split('&').filter((pair) => !pair.startsWith('X-Goog-Signature='))
  const query = new URLSearchParams(search)
  const value = (name: string) => query.get(`X-Goog-${name}`) ?? ''
  const signedHeaders = value('SignedHeaders')
  const canonicalRequest = [
    request.method,
    path,
    pairs.sort().join('&'),
    // Google's library signs the host without its port.
    ...signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).replace(/:\d+$/, '')}`),
    '',
    signedHeaders,
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const [, ...scope] = value('Credential').split('/')
  const digest = createHash('sha256').update(canonicalRequest).digest('hex')
  const signed = [value('Algorithm'), value('Date'), scope.join('/'), digest].join('\n')
  const good = createVerify('RSA-SHA256').update(signed).verify(publicKey, value('Signature'), 'hex')
  if (!good) throw new RequestError(403, 'SignatureDoesNotMatch', 'Access denied.')
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value('Date')) ?? []
  const since = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Date.now() > since + Number(value('Expires')) * 1000) {
    throw new RequestError(400, 'ExpiredToken', 'Invalid argument.')
  }
}
