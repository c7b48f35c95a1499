/** A log of plain lines on stderr, where a program's talk goes. */
import type { Log, LogFields } from '@stack/core'

function write(level: string, message: string, fields?: LogFields): void {
  process.stderr.write(`${level}: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}\n`)
}

/** What components have to tell in a process of its own; what is only for debugging is left out. */
export const stderrLog: Log = {
  debug() {},
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warning', message, fields),
  error: (message, fields) => write('error', message, fields),
}
