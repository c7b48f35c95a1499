/** Sends a step's lines to the process that launched it, which keeps and shows them. */
import { fstatSync, writeSync } from 'node:fs'
import type { StepRef } from '@stack/core'
import { formatLogLine, type LogLine, type LogLines } from '../run/log-line.js'

/** The environment variable in which a launcher that keeps the log gives the file descriptor to write it to. */
export const logVariable = 'STACK_STEP_LOG'

/** The descriptor that the launcher gave, where it is one. */
export function takeLogDescriptor(): number | undefined {
  const given = process.env[logVariable]
  // The user's own child processes have no such descriptor.
  delete process.env[logVariable]
  if (given === undefined || !/^[1-9]\d{0,5}$/.test(given)) return undefined
  try {
    fstatSync(Number(given))
    return Number(given)
  } catch {
    return undefined
  }
}

/** Milliseconds between two tries where the descriptor does not block. */
const retryMs = 1

/**
 * Writes each line before `add` returns: a step that logs faster than the launcher takes it is held up, and nothing gathers in
 * memory. A line that was written is kept also where this process is killed.
 */
export class DescriptorLines implements LogLines {
  readonly #descriptor: number
  readonly #redact: <T>(value: T) => T
  readonly #start: string
  /** For one line after another. */
  #bytes = Buffer.allocUnsafeSlow(64 * 1024)
  #isOpen = true

  constructor(descriptor: number, ref: StepRef, redact: <T>(value: T) => T) {
    this.#descriptor = descriptor
    this.#redact = redact
    this.#start = `{"kind":"log","ref":${JSON.stringify(ref)},`
  }

  add(make: () => LogLine): void {
    if (!this.#isOpen) return
    const line = formatLogLine(make(), this.#redact)
    try {
      this.#write(`${this.#start}${line.slice(1)}\n`)
    } catch {
      // The launcher is gone.
      this.#isOpen = false
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false
  }

  #write(text: string): void {
    const length = Buffer.byteLength(text)
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(length)
    this.#bytes.write(text)
    for (let written = 0; written < length; ) {
      try {
        written += writeSync(this.#descriptor, this.#bytes, written, length - written)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs)
      }
    }
  }
}
