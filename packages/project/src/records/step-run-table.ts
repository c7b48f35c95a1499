/** Step runs, as rows. */
import type { StepRunRecord } from '@stack/core'
import type { Connection } from './connection.js'

type StepRunRow = ReturnType<typeof toRow>

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

export function selectStepRuns(connection: Connection, run: string): readonly StepRunRecord[] {
  return connection.all<StepRunRow>('SELECT * FROM step_run WHERE run = ? ORDER BY position', [run]).map(fromRow)
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

function fromRow(row: StepRunRow): StepRunRecord {
  return {
    run: row.run,
    invocation: row.invocation,
    step: row.step,
    position: row.position,
    status: row.status,
    attempt: row.attempt,
    cached: row.cached === 1,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outputs: JSON.parse(row.outputs),
    inputs: JSON.parse(row.inputs),
    metadata: JSON.parse(row.metadata),
    error: row.error === null ? null : JSON.parse(row.error),
  }
}
