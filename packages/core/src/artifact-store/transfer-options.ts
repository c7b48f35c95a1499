/** How large objects travel: in parts, several at a time. */
import { StackError } from '../errors/stack-error.js'

/** How what is larger than one request should carry is cut, and how much of it is on its way at once. */
export interface TransferOptions {
  /** Bytes of a part: 8 MiB unless told, more where the store takes no such small or no such many parts. */
  readonly partSize?: number
  /** Parts on their way at once: 8 unless told. `partSize × concurrency` is the most that is held in memory. */
  readonly concurrency?: number
}

const mebibyte = 1024 ** 2

/** Eight connections fill a usual wire, and with parts of this size hold 64 MiB; a lost one costs a second at most. */
export const defaultPartSize = 8 * mebibyte
export const defaultConcurrency = 8

/** Up to here what is known to be that long is written by one request: two parts would cost two requests more. */
export const defaultSinglePut = 16 * mebibyte

/** The options with nothing left open. */
export interface Transfer {
  readonly partSize: number
  readonly concurrency: number
  /** Bytes that may be held in memory at once. */
  readonly memory: number
}

/** Fills in the defaults. */
export function toTransfer(options: TransferOptions): Transfer {
  const { partSize = defaultPartSize, concurrency = defaultConcurrency } = options
  return { partSize, concurrency, memory: partSize * concurrency }
}

/** No store takes a larger part, nor more parts of an object: beyond these a number is a mistake. */
const greatest = { partSize: 5 * 1024 * mebibyte, concurrency: 10_000 } as const

/**
 * Refuses numbers that make no sense.
 * @throws StackError `usage`
 */
export function checkTransfer(options: TransferOptions): void {
  for (const name of ['partSize', 'concurrency'] as const) {
    const value = options[name]
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1 && value <= greatest[name])) continue
    const shown = typeof value === 'number' ? value : typeof value
    throw new StackError('usage', `${name} is a whole number from 1 to ${greatest[name]}, not ${shown}`)
  }
}

/**
 * Memory of its own that is not cleared first: all of it is filled before it is seen.
 * @throws StackError `unsupported` for more than there can be.
 */
export function allocate(size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new StackError('unsupported', `its ${size} bytes are more than memory can hold`, {
      hint: 'Read it in ranges, by stream or by download; write it with a smaller partSize.',
      cause,
    })
  }
}
