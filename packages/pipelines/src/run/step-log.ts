/** The log that a step and the hooks around it write to. */
import type { Log, LogFields } from '@stack/core'
import type { LogLine, LogLines } from './log-line.js'

export class StepLog implements Log {
  readonly #lines: LogLines

  constructor(lines: LogLines) {
    this.#lines = lines
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

  #add(level: LogLine['level'], message: string, fields: LogFields | undefined): void {
    this.#lines.add(() => ({
      at: new Date().toISOString(),
      level,
      message,
      ...(fields === undefined ? {} : { fields }),
    }))
  }
}
