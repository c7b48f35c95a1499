/** A step's log: an object in the store, written in parts, and shown live. Nothing is written unless something is logged. */
import type { ArtifactStore, JsonValue, Log, LogFields, StepRef } from '@stack/core'
import { logUri } from './run-layout.js'

/** One line of a log, as it is kept (NDJSON) and as it is shown. */
export interface LogLine {
  readonly at: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields?: LogFields
}

/** What a step's log needs. */
export interface StepLogOptions {
  readonly ref: StepRef
  readonly store: ArtifactStore
  /** Takes known secrets out of what is kept and shown. */
  readonly redact: <T>(value: T) => T
  /** Shows a line as it is written. */
  readonly show: (line: LogLine) => void
}

/** How long lines are gathered before a part is written, in milliseconds. */
const gatherMs = 2000
/** How many lines a part holds at most before it is written at once. */
const gatherLines = 1000

/** Gathers a step's lines and writes them as numbered parts. */
export class StepLog implements Log {
  readonly #options: StepLogOptions
  #lines: string[] = []
  #part = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: StepLogOptions) {
    this.#options = options
  }

  debug(message: string, fields?: LogFields): void {
    this.#add('debug', message, fields)
  }

  info(message: string, fields?: LogFields): void {
    this.#add('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.#add('warn', message, fields)
  }

  error(message: string, fields?: LogFields): void {
    this.#add('error', message, fields)
  }

  /** Writes what is gathered and waits until it is kept. A log that cannot be kept never fails a step. */
  async close(): Promise<void> {
    this.#flush()
    await this.#writing
  }

  #add(level: LogLine['level'], message: string, fields: LogFields | undefined): void {
    const line = this.#options.redact<LogLine>({
      at: new Date().toISOString(),
      level,
      message: String(message),
      ...(fields === undefined ? {} : { fields: jsonFields(fields) }),
    })
    this.#options.show(line)
    this.#lines.push(JSON.stringify(line))
    if (this.#lines.length >= gatherLines) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), gatherMs).unref()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#lines.length === 0) return
    const text = `${this.#lines.join('\n')}\n`
    this.#lines = []
    this.#part += 1
    const uri = logUri(this.#options.ref, this.#part)
    this.#writing = this.#writing
      .then(() => this.#options.store.write(uri, text, { contentType: 'application/x-ndjson' }))
      .then(
        () => {},
        (error: unknown) =>
          this.#options.show({
            at: new Date().toISOString(),
            level: 'warn',
            message: `A part of the log could not be kept: ${error instanceof Error ? error.message : String(error)}`,
          }),
      )
  }
}

/** Fields as JSON has them: a log line takes whatever it is given. */
function jsonFields(fields: LogFields): LogFields {
  try {
    return JSON.parse(JSON.stringify(fields)) as LogFields
  } catch {
    return { unserialisable: true satisfies JsonValue }
  }
}
