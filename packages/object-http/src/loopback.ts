/** Tells whether a server is on this machine. */

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Says so of the `hostname` of a URL, without asking anybody. */
export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname)
}
