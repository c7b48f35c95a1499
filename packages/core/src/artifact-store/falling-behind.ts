/** When one connection is not enough. */
import { setTimeout as delay } from 'node:timers/promises'

/** Bytes in a millisecond, half a gibibyte in a second: not far from what a process takes in at all, by however many connections. */
const enough = (512 * 1024 ** 2) / 1000

/** What has arrived so far, counted by the piece. */
export interface Progress {
  readonly arrivedBytes: number
  readonly pieceSize: number
}

/**
 * Resolves when fewer bytes have arrived than one connection should bring, or when it is at its end. Looks whenever another
 * piece should be there.
 */
export async function fallingBehind(progress: Progress, ended: AbortSignal): Promise<void> {
  const began = performance.now()
  const { pieceSize } = progress
  const expected = (): number => (performance.now() - began) * enough - pieceSize
  while (!ended.aborted && progress.arrivedBytes >= expected()) {
    await delay(pieceSize / enough, undefined, { signal: ended }).catch(() => {})
  }
}
