/** Runs, as rows. */
import type { RecordStore, RunRecord } from '@stack/core'
import { count, error, jsonObject, oneOf, orNull, settings, text, time } from './columns.js'
import type { Connection, SqlValue } from './connection.js'
import { type ReportDamage, readRows } from './read-rows.js'
import { recordNotFound } from './record-errors.js'
import { rowParser } from './row-parser.js'

const runRow = rowParser('run', {
  id: text,
  pipeline: text,
  stack: text,
  status: oneOf(['running', 'completed', 'failed', 'cancelled', 'interrupted']),
  started_at: time,
  ended_at: orNull(time),
  params: jsonObject,
  settings,
  metadata: jsonObject,
  artifact_store: text,
  owner: orNull(text),
  error: orNull(error),
  revision: count(1),
  created_at: time,
  updated_at: time,
})

type RunFilter = NonNullable<Parameters<RecordStore['listRuns']>[0]>
type RunChanges = Parameters<RecordStore['updateRun']>[1]

export function insertRun(connection: Connection, record: RunRecord): void {
  connection.insert('run', toRow(record))
}

export function selectRun(connection: Connection, id: string): RunRecord | null {
  const row = connection.get(`SELECT ${runRow.selection} FROM run WHERE id = ?`, [id])
  return row === undefined ? null : parseRun(row, connection.file)
}

export function selectRuns(
  connection: Connection,
  filter: RunFilter = {},
  report: ReportDamage = () => {},
): readonly RunRecord[] {
  const conditions: string[] = []
  const values: SqlValue[] = []
  for (const column of ['pipeline', 'status'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    conditions.push(`${column} = ?`)
    values.push(value)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT ${runRow.selection} FROM run ${where} ORDER BY sequence DESC`
  return readRows(connection, { sql, values, limit: filter.limit, parse: parseRun, report })
}

export function updateRun(connection: Connection, id: string, changes: RunChanges): void {
  const columns = {
    ...(changes.status === undefined ? {} : { status: changes.status }),
    ...(changes.endedAt === undefined ? {} : { ended_at: changes.endedAt }),
    ...(changes.metadata === undefined ? {} : { metadata: JSON.stringify(changes.metadata) }),
    ...(changes.error === undefined ? {} : { error: changes.error === null ? null : JSON.stringify(changes.error) }),
    updated_at: new Date().toISOString(),
  }
  if (connection.update('run', id, columns) === 0) throw recordNotFound('run', id)
  connection.run('UPDATE run SET revision = revision + 1 WHERE id = ?', [id])
}

function toRow(record: RunRecord) {
  return {
    id: record.id,
    pipeline: record.pipeline,
    stack: record.stack,
    status: record.status,
    started_at: record.startedAt,
    ended_at: record.endedAt,
    params: JSON.stringify(record.params),
    settings: JSON.stringify(record.settings),
    metadata: JSON.stringify(record.metadata),
    artifact_store: record.artifactStore,
    owner: record.owner,
    error: record.error === null ? null : JSON.stringify(record.error),
    revision: record.revision,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

/** The record of a stored row. */
export function parseRun(stored: unknown, file: string): RunRecord {
  const row = runRow.parse(stored, file)
  return {
    id: row.id,
    pipeline: row.pipeline,
    stack: row.stack,
    status: row.status,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    params: row.params,
    settings: row.settings,
    metadata: row.metadata,
    artifactStore: row.artifact_store,
    owner: row.owner,
    error: row.error,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
