/** What a request is answered with. */
import type { ServerResponse } from 'node:http'
import { pickFields } from './resource-fields.js'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** A value, or what the `fields` of a query name of it. */
export function json(value: unknown, query?: ReadonlyMap<string, string>): Reply {
  const body = JSON.stringify(pickFields(value, query?.get('fields')))
  return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body }
}

export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body ?? '') }
  response.writeHead(status, { ...headers, ...length }).end(body)
}
