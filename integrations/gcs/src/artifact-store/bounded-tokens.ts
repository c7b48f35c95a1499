/** Bounds what a server of tokens can send: Google's library reads its answers whole, however long they are. */
import { answerLimits, answerTooLong } from '@stack/object-http'
import type { AuthClient, gaxios } from 'google-auth-library'

type Adapter = NonNullable<gaxios.GaxiosOptions['adapter']>
type Body = AsyncIterable<Uint8Array> | undefined

const bounded: Adapter = async <Data>(options: gaxios.GaxiosOptions, send: Parameters<Adapter>[1]) => {
  if (options.responseType === 'stream') return (await send(options)) as gaxios.GaxiosResponse<Data>
  const controller = new AbortController()
  const { signal = controller.signal } = options
  const response = await send({ ...options, responseType: 'stream', signal })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.data as Body) ?? []) {
    size += chunk.byteLength
    if (size > answerLimits.description) {
      controller.abort()
      throw answerTooLong(response.status, answerLimits.description)
    }
    chunks.push(chunk)
  }
  return { ...response, config: options, data: parse(Buffer.concat(chunks).toString('utf8'), options) as Data }
}

/** As the library does: JSON where it is, else text. */
function parse(text: string, { responseType }: gaxios.GaxiosOptions): unknown {
  if (responseType === 'text') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

interface Transporter {
  defaults: gaxios.GaxiosOptions
}

/** Bounds the requests of a client, and of those that it keeps to ask in its place. */
export function boundTokens(client: AuthClient): void {
  for (const holder of [client, ...Object.values(client)]) {
    const transporter = transporterOf(holder)
    if (transporter !== undefined) transporter.defaults = { ...transporter.defaults, adapter: bounded }
  }
}

function transporterOf(holder: unknown): Transporter | undefined {
  if (typeof holder !== 'object' || holder === null || !('transporter' in holder)) return undefined
  const { transporter } = holder
  return typeof transporter === 'object' && transporter !== null && 'defaults' in transporter
    ? (transporter as Transporter)
    : undefined
}
