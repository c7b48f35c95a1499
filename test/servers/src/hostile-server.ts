/** A server that means harm, or is none: answers without an end, of another kind, or that are no HTTP. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface HostileAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Sent again and again after the body, until the client hangs up. */
  readonly endless?: string
  /** Written on the connection as it is, in place of an answer; with `endless` for ever. */
  readonly raw?: string
}

export interface HostileRequest {
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface HostileServer extends AsyncDisposable {
  readonly endpoint: string
  readonly requests: readonly HostileRequest[]
  /** The most bytes that one connection took before the client hung up, what lies in the buffers of both included. */
  readonly mostSent: () => number
  /** Connections that are open. */
  readonly open: () => number
}

/** Starts one; `answer` is asked for each request. */
export async function startHostileServer(
  answer: (request: HostileRequest, number: number) => HostileAnswer,
): Promise<HostileServer> {
  const requests: HostileRequest[] = []
  const sockets = new Set<Socket>()
  let mostSent = 0
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of message) chunks.push(chunk)
    } catch {
      return
    }
    const { method = '', url = '', headers } = message
    const request = { method, url, headers, body: Buffer.concat(chunks) }
    requests.push(request)
    await send(answer(request, requests.length), request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      mostSent = Math.max(mostSent, socket.bytesWritten)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    mostSent: () => Math.max(mostSent, ...[...sockets].map(({ bytesWritten }) => bytesWritten)),
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function send(answer: HostileAnswer, { method }: HostileRequest, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, body = '', endless, raw } = answer
  const { socket } = response
  if (socket === null) return
  if (raw !== undefined) {
    socket.write(raw)
    if (endless === undefined) socket.end()
    else await pour(endless, socket)
    return
  }
  if (endless === undefined || method === 'HEAD') {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
    response.end(method === 'HEAD' ? undefined : body)
    return
  }
  response.writeHead(status, headers)
  response.write(body)
  await pour(endless, response)
}

/** Writes for ever, as fast as it is taken; a server of a test gives up at two gigabytes. */
async function pour(text: string, target: Socket | ServerResponse): Promise<void> {
  const piece = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)))
  const closed = once(target, 'close').catch(() => [])
  for (let sent = 0; sent < 2 * 1024 ** 3 && !target.destroyed; sent += piece.byteLength) {
    if (!target.write(piece)) await Promise.race([once(target, 'drain').catch(() => []), closed])
  }
  target.destroy()
}

const page =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Wi-Fi \u001b[2J of the caf\u00e9</body></html>'
const html = { 'content-type': 'text/html; charset=utf-8' }

/** What no verb of a store can take for the answer it asked for, whatever it asked. */
export const hostileAnswers: Readonly<Record<string, HostileAnswer>> = {
  'a 400 without an end': { status: 400, endless: 'x' },
  'a 403 without an end': { status: 403, endless: '<Error>' },
  'a 404 without an end': { status: 404, endless: '{"error":' },
  'a 400 of nine petabytes': { status: 400, headers: { 'content-length': '9000000000000000' }, endless: 'x' },
  'a redirect to another place': { status: 302, headers: { location: 'http://portal.example/' }, body: page },
  'a 307': { status: 307, headers: { location: 'https://elsewhere.example/' } },
  'a 308': { status: 308, headers: { location: 'https://elsewhere.example/' } },
  'a 304': { status: 304 },
  'a 418 in HTML': { status: 418, headers: html, body: page },
  'a 404 in HTML': { status: 404, headers: html, body: page },
  'more headers than fit': { raw: 'HTTP/1.1 200 OK\r\n', endless: `x-more: ${'y'.repeat(1000)}\r\n` },
  'announcements without an end': {
    raw: 'HTTP/1.1 103 Early Hints\r\n\r\n',
    endless: 'HTTP/1.1 103 Early Hints\r\n\r\n',
  },
}

/** The same for verbs that read what an answer says, and not whatever bytes an object may have. */
export const strangePages: Readonly<Record<string, HostileAnswer>> = {
  'a page in HTML': { headers: html, body: page },
  'a page without an end': { headers: html, endless: '<p>' },
  'a cut document': {
    headers: { 'content-type': 'application/xml' },
    body: '<?xml version="1.0"?><ListBucketResult><Name>b',
  },
  'a cut value': { headers: { 'content-type': 'application/json' }, body: '{"kind":"storage#objects","items":[{"na' },
  'JSON of another kind': { headers: { 'content-type': 'application/json' }, body: '[null,"__proto__",1e999]' },
}
