/** Step runs, as rows. */
import type { StepRunRecord } from '@stack/core'
import { count, error, flag, jsonObject, listOfTexts, oneOf, orNull, text, texts, time } from './columns.js'
import type { Connection } from './connection.js'
import { type ReportDamage, readRows } from './read-rows.js'
import { rowParser } from './row-parser.js'

const stepRunRow = rowParser('step_run', {
  run: text,
  invocation: text,
  step: text,
  position: count(0),
  status: oneOf(['pending', 'running', 'completed', 'failed', 'skipped', 'cancelled']),
  attempt: count(0),
  cached: flag,
  started_at: orNull(time),
  ended_at: orNull(time),
  outputs: texts,
  inputs: listOfTexts,
  metadata: jsonObject,
  error: orNull(error),
})

/** Writes a step run, in place of what was recorded of the invocation before. */
export function upsertStepRun(connection: Connection, record: StepRunRecord): void {
  connection.run(
    `INSERT OR REPLACE INTO step_run (run, invocation, step, position, status, attempt, cached, started_at, ended_at,
       outputs, inputs, metadata, error)
     VALUES (:run, :invocation, :step, :position, :status, :attempt, :cached, :started_at, :ended_at,
       :outputs, :inputs, :metadata, :error)`,
    toRow(record),
  )
}

export function selectStepRuns(
  connection: Connection,
  run: string,
  report: ReportDamage = () => {},
): readonly StepRunRecord[] {
  const sql = `SELECT ${stepRunRow.selection} FROM step_run WHERE run = ? ORDER BY position`
  return readRows(connection, { sql, values: [run], parse: parseStepRun, report })
}

function toRow(record: StepRunRecord) {
  return {
    run: record.run,
    invocation: record.invocation,
    step: record.step,
    position: record.position,
    status: record.status,
    attempt: record.attempt,
    cached: record.cached ? 1 : 0,
    started_at: record.startedAt,
    ended_at: record.endedAt,
    outputs: JSON.stringify(record.outputs),
    inputs: JSON.stringify(record.inputs),
    metadata: JSON.stringify(record.metadata),
    error: record.error === null ? null : JSON.stringify(record.error),
  }
}

/** The record of a stored row. */
export function parseStepRun(stored: unknown, file: string): StepRunRecord {
  const { started_at, ended_at, ...row } = stepRunRow.parse(stored, file)
  return { ...row, startedAt: started_at, endedAt: ended_at }
}
