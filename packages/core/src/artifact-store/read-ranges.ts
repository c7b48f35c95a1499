/**
 * Reading a large object by several connections at once, into its place.
 *
 * The body of the first answer is read from the front, while others take ranges from the back, until they meet; they begin
 * when the first falls behind. So an object that arrives quickly costs no second request, and no byte is asked for twice.
 */
import { StackError } from '../errors/stack-error.js'
import { combineCrc, formatCrc } from './crc-combine.js'
import type { ArtifactStoreDriver, Crc, GetResult, OperationOptions, Stat } from './driver.js'
import { fallingBehind } from './falling-behind.js'
import { type Bounds, type RangeTarget, withBody } from './range-body.js'
import { runWorkers, withController } from './run-workers.js'
import { defaultPartSize, type Transfer } from './transfer-options.js'

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
  const whole = range.start === 0 && range.end === stat.size
  const crc = whole && stat.checksum?.startsWith(`${driver.crc?.name}:`) === true ? driver.crc : undefined
  const ranges = new Ranges(range, transfer.partSize)
  const sums: number[] = []
  await withController(options.signal, async (controller) => {
    const { signal } = controller
    const place = { target, from: range.start, crc }
    const alone = new AbortController()
    const front = new CountedTarget(target, Math.min(transfer.partSize, defaultPartSize))
    const readFront = (): Promise<void> =>
      withBody(opened, signal, async (body) => {
        for (let index = ranges.fromFront(); index !== undefined; index = ranges.fromFront()) {
          sums[index] = await body.read(ranges.at(index), { ...place, target: front })
        }
      }).finally(() => alone.abort())
    const late = fallingBehind(front, alone.signal)
    const readBack = async (): Promise<void> => {
      await late
      for (let index = ranges.fromBack(); index !== undefined; index = ranges.fromBack()) {
        const [number, bounds] = [index, ranges.at(index)]
        await withBody(await openRange(driver, stat, bounds, signal), signal, async (body) => {
          sums[number] = await body.read(bounds, place)
        })
      }
    }
    // Ranges of an object whose version nobody knows could be of two.
    const count = stat.version === undefined ? 1 : Math.max(1, Math.min(transfer.concurrency, ranges.count))
    await runWorkers(controller, count, (worker) => (worker === 0 ? readFront() : readBack()))
  })
  if (crc === undefined || combineSums(crc, sums, ranges) === stat.checksum) return
  throw new StackError('checksum-mismatch', `its bytes have another ${crc.name} than those that were written`)
}

function combineSums(crc: Crc, sums: readonly number[], ranges: Ranges): string {
  const combined = sums.reduce((before, sum, index) => {
    const { start, end } = ranges.at(index)
    return combineCrc(crc.name, before, sum, end - start)
  }, 0)
  return formatCrc(crc.name, combined)
}

async function openRange(
  driver: ArtifactStoreDriver,
  stat: Stat,
  { start, end }: Bounds,
  signal: AbortSignal,
): Promise<GetResult> {
  const opened = await driver.get(stat.key, { range: { start, end }, ifMatch: stat.version, signal })
  if (opened.range.start === start && opened.range.end === end) return opened
  await opened.close()
  throw new StackError('unavailable', `the store answered with other bytes than ${start} to ${end}`)
}

/** Takes the bytes for another, at most so many at once, and counts them. */
class CountedTarget implements RangeTarget {
  arrivedBytes = 0
  readonly pieceSize: number
  readonly #target: RangeTarget

  constructor(target: RangeTarget, pieceSize: number) {
    this.#target = target
    this.pieceSize = pieceSize
  }

  memory(start: number, length: number): Uint8Array {
    return this.#target.memory(start, Math.min(length, this.pieceSize))
  }

  arrived(start: number, bytes: Uint8Array): Promise<void> | void {
    this.arrivedBytes += bytes.length
    return this.#target.arrived(start, bytes)
  }
}

/** The ranges of what is read, each given out once: to one from the front, to the others from the back. */
class Ranges {
  readonly count: number
  readonly #bounds: Bounds
  readonly #size: number
  #front = 0
  #back: number

  constructor(bounds: Bounds, size: number) {
    this.#bounds = bounds
    this.#size = size
    this.count = Math.ceil((bounds.end - bounds.start) / size)
    this.#back = this.count
  }

  at(index: number): Bounds {
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
