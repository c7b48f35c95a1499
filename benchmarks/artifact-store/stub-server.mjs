/**
 * A server that answers S3 and the JSON API of GCS with canned bytes, and does as little as it can for that: what a
 * benchmark measures is the client. Started by stub.mjs, as its own process.
 *
 * `--latency MS` delays each answer, and `--rate BYTES` limits each connection to so many bytes a second in either direction.
 */
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { answerRequest, slab } from './stub-answers.mjs'

const { values } = parseArgs({ options: { latency: { type: 'string' }, rate: { type: 'string' } } })
const latencyMs = Number(values.latency ?? 0)
const bytesPerMs = Number(values.rate ?? Number.POSITIVE_INFINITY) / 1000

const headEnd = Buffer.from('\r\n\r\n')
const lineEnd = Buffer.from('\r\n')
/** Bytes that hold the trailer of a body, after its last chunk. */
const tailSize = 64
/** Bytes that a shaped connection may be ahead of its rate: about what the clock of a timer resolves. */
const burst = 256 * 1024

/** Lets bytes through at the rate of a wire: says for how many milliseconds to hold the next ones back. */
function makePacer() {
  let start = 0
  let passed = 0
  return (bytes) => {
    const now = performance.now()
    // An idle wire carries nothing later for it.
    if (passed / bytesPerMs < now - start) [start, passed] = [now, 0]
    passed += bytes
    return (passed - burst) / bytesPerMs - (now - start)
  }
}

class Connection {
  #socket
  /** What is not read yet of a head or a chunk's size. */
  #rest = Buffer.alloc(0)
  /** Bytes of the body still to come; undefined between requests. */
  #body
  #chunked = false
  #request
  /** The end of a body that a checksum follows. */
  #tail
  #receiving = makePacer()
  #sending = makePacer()
  #answers = Promise.resolve()
  /** Wakes an answer that waits until its bytes are taken. */
  #drained = () => {}

  constructor(socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#onData(chunk))
    socket.on('drain', () => this.#drained())
    socket.on('close', () => this.#drained())
    socket.on('error', () => socket.destroy())
  }

  #onData(chunk) {
    this.#read(chunk)
    if (bytesPerMs === Number.POSITIVE_INFINITY) return
    const pause = this.#receiving(chunk.length)
    if (pause < 1) return
    this.#socket.pause()
    setTimeout(() => this.#socket.resume(), pause)
  }

  #read(chunk) {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = Buffer.alloc(0)
    while (data.length > 0) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, data.length)
        this.#body -= taken
        if (this.#tail !== undefined) this.#keepTail(data.subarray(0, taken))
        data = data.subarray(taken)
        if (this.#body > 0) return
        if (!this.#chunked) this.#answer()
        continue
      }
      const end = this.#request !== undefined ? data.indexOf(lineEnd) : data.indexOf(headEnd)
      if (end === -1) {
        this.#rest = data
        return
      }
      const text = data.latin1Slice(0, end)
      if (this.#request !== undefined) {
        // A chunk's size. With its line end it is two bytes longer, and the last is the line end only.
        const size = Number.parseInt(text, 16)
        data = data.subarray(end + 2)
        this.#body = size + 2
        if (size === 0) this.#chunked = false
        continue
      }
      data = data.subarray(end + 4)
      this.#begin(text)
    }
  }

  #begin(head) {
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)
    this.#chunked = length === null && /\r\ntransfer-encoding: *chunked/i.test(head)
    this.#body = length === null ? 0 : Number(length[1])
    this.#request = head
    this.#tail = /\r\nx-amz-trailer:/i.test(head) && !this.#chunked ? Buffer.alloc(0) : undefined
    if (/\r\nexpect: *100/i.test(head)) this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    if (this.#body === 0 && !this.#chunked) this.#answer()
  }

  #keepTail(data) {
    const end = data.subarray(-tailSize)
    this.#tail = end.length < tailSize ? Buffer.concat([this.#tail, end]).subarray(-tailSize) : Buffer.from(end)
  }

  #answer() {
    const { head, bytes } = answerRequest(this.#request, this.#tail)
    this.#request = undefined
    this.#body = undefined
    if (latencyMs === 0 && bytes <= slab.length) {
      this.#socket.cork()
      this.#socket.write(head, 'latin1')
      if (bytes > 0) this.#socket.write(bytes === slab.length ? slab : slab.subarray(0, bytes))
      this.#socket.uncork()
      return
    }
    this.#answers = this.#answers.then(() => this.#send(head, bytes))
  }

  async #send(head, bytes) {
    await later(latencyMs)
    this.#socket.write(head, 'latin1')
    const step = bytesPerMs === Number.POSITIVE_INFINITY ? slab.length : burst / 4
    for (let left = bytes; left > 0 && !this.#socket.destroyed; left -= step) {
      await later(this.#sending(Math.min(step, left)))
      if (this.#socket.write(slab.subarray(0, Math.min(step, left)))) continue
      await new Promise((resolve) => {
        this.#drained = resolve
      })
    }
  }
}

async function later(milliseconds) {
  if (milliseconds >= 1) await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

const server = createServer({ noDelay: true }, (socket) => new Connection(socket))
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
