/** Where components and steps write what they have to tell. */
import type { JsonValue } from './metadata.js'

/** Fields that accompany a log line. */
export type LogFields = { readonly [key: string]: JsonValue }

/** A structured log; what is written is redacted of known secrets before it is stored or shown. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** A log that keeps nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
