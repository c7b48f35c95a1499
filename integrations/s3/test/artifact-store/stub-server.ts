/** A server that answers what a test tells it, for what real servers cannot be made to do. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface StubRequest {
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface StubAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Bytes that are announced but do not come, until the connection is ended. */
  readonly withheld?: number
}

export interface StubServer extends AsyncDisposable {
  readonly endpoint: string
  readonly requests: readonly StubRequest[]
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>
  /** How many there have been. */
  readonly opened: number
}

/** Starts one; `answer` is asked for each request. */
export async function startStub(
  answer: (request: StubRequest, number: number) => StubAnswer | Promise<StubAnswer>,
): Promise<StubServer> {
  const requests: StubRequest[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers, body: Buffer.concat(chunks) })
    const told = await answer({ method, url, headers, body: Buffer.concat(chunks) }, requests.length)
    const body = Buffer.from(told.body ?? '')
    const length = body.length + (told.withheld ?? 0)
    response.writeHead(told.status ?? 200, { 'content-length': length, ...told.headers })
    if (told.withheld === undefined) response.end(method === 'HEAD' ? undefined : body)
    else response.write(body)
  })
  server.on('connection', (socket) => {
    opened += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sockets,
    get opened() {
      return opened
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An error in the protocol's words. */
export function refusal(status: number, code: string, more = ''): StubAnswer {
  return { status, body: `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>no</Message>${more}</Error>` }
}
