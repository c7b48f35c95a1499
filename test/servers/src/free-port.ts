/** A port of the loopback interface that nothing listened on a moment ago. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Finds one. Another program may take it before it is used: whoever starts a server there tries again elsewhere. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
