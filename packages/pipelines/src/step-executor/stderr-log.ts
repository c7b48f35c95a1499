/** A log of plain lines on stderr, where a program's talk goes. */
import type { Log, LogFields } from '@stack/core'
import { sanitizeLine } from '@stack/core/host'

function write(level: string, message: string, fields?: LogFields): void {
  const text = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`
  process.stderr.write(`${level}: ${sanitizeLine(text)}\n`)
}

/** What components have to tell in a process of its own; what is only for debugging is left out. */
export const stderrLog: Log = {
  debug() {},
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warning', message, fields),
  error: (message, fields) => write('error', message, fields),
}
