/** Keeps an attempt's log as numbered objects in the store, in bounded memory. Nothing is written unless something is logged. */
import type { ArtifactStore, StepRef } from '@stack/core'
import type { LogBlock } from './log-block.js'
import { formatLogLine, type LogLine, type LogLines } from './log-line.js'
import { LogRoom } from './log-room.js'
import { logUri } from './run-layout.js'

export interface LogPartsOptions {
  readonly ref: StepRef
  readonly store: ArtifactStore
  /** Takes known secrets out of what is kept and shown. */
  readonly redact: <T>(value: T) => T
  /** Shows a line; the next waits until it resolves. */
  readonly show: (line: LogLine) => unknown
  /** What it shares with the other logs of the run. */
  readonly room?: LogRoom
}

/** How long lines are gathered before a part is written, in milliseconds. */
const gatherMs = 2000
/** How large a part may become that has more than one line, in bytes; a full one is written without waiting. */
const partBytes = 1024 * 1024

const tooFast = 'they came faster than they could be kept'

export class LogParts implements LogLines {
  readonly #options: LogPartsOptions
  /** The first is shown and written next, the last is appended to. */
  readonly #blocks: LogBlock[] = []
  #parts = 0
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  /** Why the latest of them were. */
  #reason = tooFast
  /** How many blocks are to be written however small they are. */
  #due = 0
  #pumping: Promise<void> | undefined
  #closing: Promise<void> | undefined
  readonly #room: LogRoom
  readonly #leaveRoom: () => void

  constructor(options: LogPartsOptions) {
    this.#options = options
    this.#room = options.room ?? new LogRoom()
    this.#leaveRoom = this.#room.join(() => void this.#flush())
  }

  /** Takes a line, or drops and counts it where too many wait. */
  add(make: () => LogLine): void {
    if (this.#closing !== undefined) return
    if (this.#room.isFull) this.#drop(1, tooFast)
    else this.#take(make())
  }

  /** Takes a line of somebody who can wait: resolves when there is room for the next. */
  async put(line: LogLine): Promise<void> {
    if (this.#closing !== undefined) return
    this.#take(line)
    await this.#room.whenFree()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close().finally(this.#leaveRoom)
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#flush()
    if (this.#dropped === 0) return
    this.#reportDropped()
    await this.#flush()
  }

  #drop(lines: number, reason: string): void {
    this.#dropped += lines
    this.#reason = reason
  }

  #take(line: LogLine): void {
    if (this.#dropped > 0) this.#reportDropped()
    this.#append(line, 1)
  }

  /** Puts a line in the place of those that were dropped. */
  #reportDropped(): void {
    const dropped = this.#dropped
    this.#dropped = 0
    const message = `${dropped} lines of the log were dropped here: ${this.#reason}.`
    this.#append({ at: new Date().toISOString(), level: 'warn', message, fields: { dropped } }, dropped)
  }

  /** Appends a line that stands for so many lines of the step. */
  #append(line: LogLine, lines: number): void {
    const text = formatLogLine(line, this.#options.redact)
    let block = this.#blocks.at(-1)
    if (block === undefined || !block.fits(text, partBytes)) {
      block = this.#room.takeBlock()
      this.#blocks.push(block)
    }
    this.#room.append(block, text)
    block.lines += lines
    this.#pumping ??= this.#pump()
  }

  async #flush(): Promise<void> {
    this.#due = this.#blocks.length
    this.#pumping ??= this.#pump()
    await this.#pumping
  }

  /** Shows what waits and writes what makes a part, one act after another. */
  async #pump(): Promise<void> {
    // What shows a line may log one: this is not to run inside itself.
    await undefined
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      for (let text = block.read(); text !== undefined; text = block.read()) await this.#show(text)
      if (this.#blocks.length === 1 && this.#due === 0) break
      this.#due = Math.max(0, this.#due - 1)
      this.#blocks.shift()
      await this.#write(block)
    }
    this.#pumping = undefined
    if (this.#blocks.length > 0) this.#timer ??= setTimeout(() => void this.#flush(), gatherMs).unref()
  }

  async #write(block: LogBlock): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#parts += 1
    const { store, ref, redact } = this.#options
    try {
      await store.write(logUri(ref, this.#parts), block.bytes, { contentType: 'application/x-ndjson' })
      this.#room.keep(block)
    } catch (error) {
      this.#drop(block.lines, 'the artifact store did not take them')
      const message = `A part of the log could not be kept: ${error instanceof Error ? error.message : String(error)}`
      await this.#show(formatLogLine({ at: new Date().toISOString(), level: 'warn', message }, redact))
    }
    this.#room.release(block)
  }

  async #show(text: string): Promise<void> {
    try {
      await this.#options.show(JSON.parse(text) as LogLine)
    } catch {
      // Who shows lines says by itself that it cannot.
    }
  }
}
