/**
 * Reading a large object by several connections at once, into its place.
 *
 * The body of the first answer is read from the front, while others take ranges from the back, until they meet: an object
 * that arrives quickly costs no second request, and no byte is asked for twice.
 */
import { StackError } from '../errors/stack-error.js'
import { ChunkReader } from './chunk-reader.js'
import { combineCrc, formatCrc } from './crc-combine.js'
import type { ArtifactStoreDriver, GetResult, OperationOptions } from './driver.js'
import { runWorkers, withController } from './run-workers.js'
import type { Transfer } from './transfer-options.js'

/** Where the bytes go; positions count from the first byte that is read. */
export interface RangeTarget {
  /** Memory for the bytes of one range. */
  memory(start: number, length: number): Uint8Array
  /** It is filled. */
  arrived(start: number, bytes: Uint8Array): Promise<void> | void
}

/**
 * Reads what was opened, and checks it against the object's CRC where the whole object is read and has one.
 * @throws StackError `precondition-failed` where the object is another meanwhile, `checksum-mismatch`.
 */
export async function readRanges(
  driver: ArtifactStoreDriver,
  opened: GetResult,
  target: RangeTarget,
  transfer: Transfer,
  options: OperationOptions,
): Promise<void> {
  const { stat, range } = opened
  const crc = stat.checksum?.startsWith(`${driver.crc?.name}:`) === true ? driver.crc : undefined
  const whole = range.start === 0 && range.end === stat.size
  const ranges = new Ranges(range, transfer.partSize)
  const sums: number[] = []
  const settle = async (index: number, memory: Uint8Array): Promise<void> => {
    if (crc !== undefined && whole) sums[index] = crc.of(memory)
    await target.arrived(index * transfer.partSize, memory)
  }
  await withController(options.signal, async (controller) => {
    const readFront = (): Promise<void> => consumeFront(opened, ranges, target, settle, controller.signal)
    const readBack = async (): Promise<void> => {
      for (let index = ranges.fromBack(); index !== undefined; index = ranges.fromBack()) {
        const { start, end } = ranges.at(index)
        const memory = target.memory(start - range.start, end - start)
        await readRange(driver, stat.key, { start, end, version: stat.version, memory, signal: controller.signal })
        await settle(index, memory)
      }
    }
    // Ranges of an object whose version nobody knows could be of two.
    const count = stat.version === undefined ? 1 : Math.max(1, Math.min(transfer.concurrency, ranges.count))
    await runWorkers(controller, count, (worker) => (worker === 0 ? readFront() : readBack()))
  })
  if (crc === undefined || !whole) return
  const lengths = sums.map((_, index) => ranges.at(index).end - ranges.at(index).start)
  const sum = sums.reduce((before, next, index) => combineCrc(crc.name, before, next, lengths[index] as number), 0)
  if (formatCrc(crc.name, sum) === stat.checksum) return
  throw new StackError('checksum-mismatch', `its bytes have another ${crc.name} than those that were written`)
}

/** The ranges of what is read, each given out once: to one from the front, to the others from the back. */
class Ranges {
  readonly count: number
  readonly #bounds: { readonly start: number; readonly end: number }
  readonly #size: number
  #front = 0
  #back: number

  constructor(bounds: { readonly start: number; readonly end: number }, size: number) {
    this.#bounds = bounds
    this.#size = size
    this.count = Math.ceil((bounds.end - bounds.start) / size)
    this.#back = this.count
  }

  at(index: number): { start: number; end: number } {
    const start = this.#bounds.start + index * this.#size
    return { start, end: Math.min(this.#bounds.end, start + this.#size) }
  }

  fromFront(): number | undefined {
    if (this.#front === this.#back) return undefined
    this.#front += 1
    return this.#front - 1
  }

  fromBack(): number | undefined {
    if (this.#front === this.#back) return undefined
    this.#back -= 1
    return this.#back
  }
}

async function consumeFront(
  opened: GetResult,
  ranges: Ranges,
  target: RangeTarget,
  settle: (index: number, memory: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const body = opened.body().getReader()
  const reader = new ChunkReader(() => body.read())
  const cancel = (): void => void body.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  let ended = false
  try {
    let read = opened.range.start
    for (let index = ranges.fromFront(); index !== undefined; index = ranges.fromFront()) {
      const { start, end } = ranges.at(index)
      const memory = target.memory(start - opened.range.start, end - start)
      const length = await reader.fill(memory)
      signal.throwIfAborted()
      if (length < memory.length) throw cutOff(start + length, end)
      await settle(index, memory)
      read = end
    }
    // At its end a body says whether it was whole, and its connection can be used again.
    ended = read === opened.range.end && !(await reader.hasMore())
  } finally {
    signal.removeEventListener('abort', cancel)
    if (!ended) await body.cancel().catch(() => {})
    await opened.close()
  }
}

interface RangeRequest {
  readonly start: number
  readonly end: number
  readonly version: string | undefined
  readonly memory: Uint8Array
  readonly signal: AbortSignal
}

async function readRange(driver: ArtifactStoreDriver, key: string, request: RangeRequest): Promise<void> {
  const { start, end, version, memory, signal } = request
  const opened = await driver.get(key, { range: { start, end }, ifMatch: version, signal })
  if (opened.range.start !== start || opened.range.end !== end) {
    await opened.close()
    throw new StackError('unavailable', `the store answered with other bytes than ${start} to ${end}`)
  }
  const length = await opened.into(memory)
  if (length < memory.length) throw cutOff(start + length, end)
}

function cutOff(position: number, end: number): StackError {
  return new StackError('unavailable', `its body ended at byte ${position} of ${end}`)
}
