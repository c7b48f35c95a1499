/** What faults do to a body on its way. */
import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout } from 'node:timers/promises'

/** How long the beginning of a trickled body takes, and in how many pieces it comes. */
const trickle = { pieces: 4, pauseMs: 20 }

/** Flips one bit of the byte at a position, and says so. */
export function flipByte(position: number, onFlip: () => void): Transform {
  let passed = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, callback: TransformCallback) {
      const at = position - passed
      passed += chunk.length
      if (at < 0 || at >= chunk.length) return callback(null, chunk)
      const flipped = Buffer.from(chunk)
      flipped[at] = (chunk[at] ?? 0) ^ 1
      onFlip()
      callback(null, flipped)
    },
  })
}

/** Where a body goes: a request or an answer. */
interface Sink {
  readonly writableLength: number
  readonly destroyed: boolean
}

/** Passes a count of bytes, calls back when the sink has sent them, and passes nothing more. */
export function cutAfter(count: number, sink: Sink, onCut: () => void): Transform {
  let left = count
  return new Transform({
    transform(chunk: Buffer, _encoding, callback: TransformCallback) {
      if (left <= 0) return callback()
      const passed = chunk.subarray(0, left)
      left -= passed.length
      callback(null, passed)
      if (left === 0) void hasLeft(this, sink).then(onCut)
    },
    // A body of unknown length would seem to be whole if it ended.
    flush(callback: TransformCallback) {
      if (left > 0) callback()
    },
  })
}

/** Waits until nothing is on its way: the sink's connection may still be opening. */
async function hasLeft(body: Transform, sink: Sink): Promise<void> {
  do await setTimeout(5)
  while (!sink.destroyed && body.readableLength + sink.writableLength > 0)
}

/** Lets the first bytes come in small pieces with pauses between them. */
export function trickleBeginning(): Transform {
  let begun = false
  return new Transform({
    async transform(chunk: Buffer, _encoding, callback: TransformCallback) {
      if (begun) return callback(null, chunk)
      begun = true
      const size = Math.max(1, Math.ceil(chunk.length / trickle.pieces))
      for (let start = 0; start < chunk.length; start += size) {
        await setTimeout(trickle.pauseMs)
        this.push(chunk.subarray(start, start + size))
      }
      callback()
    },
  })
}
