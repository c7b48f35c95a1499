/** The connections to a server. */
import { Pool } from 'undici'

const connections = 64
const connectTimeoutMs = 10_000
const answerTimeoutMs = 60_000

/** Opens none yet: each is opened when it is needed, and kept. */
export function openConnections(origin: string): Pool {
  return new Pool(origin, {
    connections,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  })
}
