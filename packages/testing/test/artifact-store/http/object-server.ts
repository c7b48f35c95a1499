/** A small object server over HTTP, in this process: what is behind it is a memory driver. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'
import { isStackError } from '@stack/core'
import { collect } from '../../../src/artifact-store/store-case.js'
import { MemoryDriver } from '../memory-store.js'

const statuses: Readonly<Record<string, number>> = {
  'not-found': 404,
  'already-exists': 409,
  'precondition-failed': 412,
}

/** A running server; each of its buckets is a memory of its own. */
export interface ObjectServer extends AsyncDisposable {
  readonly url: string
}

/** Starts one: `/<bucket>/<key>` for GET, HEAD, PUT, DELETE, `/<bucket>?list=<prefix>`, and PUT with `x-copy-from`. */
export async function startObjectServer(): Promise<ObjectServer> {
  const buckets = new Map<string, MemoryDriver>()
  const server = createServer((request, response) => {
    answer(buckets, request, response).catch((error: unknown) => {
      response.writeHead(isStackError(error) ? (statuses[error.code] ?? 500) : 500).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  buckets: Map<string, MemoryDriver>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server')
  const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent)
  const key = rest.join('/')
  const driver = buckets.get(bucket) ?? new MemoryDriver()
  buckets.set(bucket, driver)
  const { headers, method } = request
  const conditions = {
    ...(headers['if-none-match'] === '*' && { ifAbsent: true }),
    ...(typeof headers['if-match'] === 'string' && { ifMatch: headers['if-match'] }),
  }
  if (searchParams.has('list')) {
    const pages = await collect(
      driver.list(searchParams.get('list') ?? '', searchParams.has('flat') ? {} : { delimiter: '/' }),
    )
    response.end(JSON.stringify(pages.flatMap(({ entries }) => entries)))
  } else if (method === 'PUT') {
    const from = headers['x-copy-from']
    const body = Buffer.concat((await collect(request)) as Buffer[])
    const source = { kind: 'bytes', bytes: body } as const
    // The nonce is how a writer recognises its own object.
    const metadata = { ...JSON.parse(String(headers['x-metadata'] ?? '{}')), nonce: String(headers['x-nonce']) }
    const contentType = headers['content-type']
    const options = { ...conditions, metadata, ...(contentType !== undefined && { contentType }) }
    const result =
      typeof from === 'string'
        ? await driver.copy(decodeURIComponent(from), key, conditions)
        : await driver.put(key, source, options)
    response.end(JSON.stringify(result))
  } else if (method === 'DELETE') {
    await driver.delete([key])
    response.writeHead(204).end()
  } else {
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')
    const opened = await driver.get(key, {
      ...conditions,
      ...(range !== null && { range: { start: Number(range[1]), end: Number(range[2]) + 1 } }),
    })
    const { stat } = opened
    const stored = driver.objects.get(key)?.bytes ?? new Uint8Array()
    response.writeHead(range === null ? 200 : 206, {
      etag: stat.version ?? '',
      'content-length': opened.range.end - opened.range.start,
      'x-stat': encodeURIComponent(JSON.stringify({ ...stat, checksum: String(crc32(stored)) })),
    })
    response.end(method === 'HEAD' ? undefined : stored.subarray(opened.range.start, opened.range.end))
  }
}
