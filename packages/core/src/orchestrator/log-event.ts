/** A line of an attempt's log as it travels from the process that runs the attempt to the program that follows the run. */
import type { LogFields } from '../component/log.js'
import type { StepRef } from './step-ref.js'

/** How severe a line is. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const

/** One line, as `report` takes it and as a step's process sends it. */
export interface LogEvent {
  readonly kind: 'log'
  readonly ref: StepRef
  /** ISO 8601. */
  readonly at: string
  readonly level: (typeof logLevels)[number]
  readonly message: string
  readonly fields?: LogFields
}

/** A moment of ISO 8601 with its zone. */
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

/**
 * The line that a message is, or undefined where it is something else: any value, or a line of another attempt. A step's
 * process runs other people's code and may send whatever it likes.
 */
export function parseLogEvent(message: unknown, ref: StepRef): LogEvent | undefined {
  try {
    return readLogEvent(message, ref)
  } catch {
    // A property that throws when it is read, or fields that are nested too deeply or in a circle.
    return undefined
  }
}

function readLogEvent(value: unknown, ref: StepRef): LogEvent | undefined {
  if (!isObject(value) || value.kind !== 'log' || !isRef(value.ref, ref)) return undefined
  const { at, level, message, fields } = value
  if (typeof message !== 'string' || !isTime(at) || !isLevel(level)) return undefined
  const line = { kind: 'log', ref, at, level, message } as const
  if (fields === undefined) return line
  return isObject(fields) ? { ...line, fields: JSON.parse(JSON.stringify(fields)) as LogFields } : undefined
}

function isRef(value: unknown, { run, invocation, attempt, token }: StepRef): boolean {
  return (
    isObject(value) &&
    value.token === token &&
    value.attempt === attempt &&
    value.invocation === invocation &&
    value.run === run
  )
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && moment.test(value) && !Number.isNaN(Date.parse(value))
}

function isLevel(value: unknown): value is LogEvent['level'] {
  return (logLevels as readonly unknown[]).includes(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
