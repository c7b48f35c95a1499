/** Artifacts, as rows; versions count up within a name. */
import type { ArtifactRecord, RecordStore } from '@stack/core'
import { count, jsonObject, text, time } from './columns.js'
import type { Connection, SqlValue } from './connection.js'
import { type ReportDamage, readRows } from './read-rows.js'
import { rowParser } from './row-parser.js'

const artifactRow = rowParser('artifact', {
  id: text,
  name: text,
  version: count(1),
  uri: text,
  artifact_store: text,
  run: text,
  invocation: text,
  output: text,
  materializer: text,
  media_type: text,
  size: count(0),
  content_hash: text,
  metadata: jsonObject,
  created_at: time,
})

type ArtifactFilter = NonNullable<Parameters<RecordStore['listArtifacts']>[0]>

/** Records an artifact with the next version of its name; one of the same run, invocation and output is kept. */
export function insertArtifact(connection: Connection, artifact: Omit<ArtifactRecord, 'version'>): ArtifactRecord {
  const inserted = connection.get<{ version: number }>(
    `INSERT INTO artifact (id, name, version, uri, artifact_store, run, invocation, output, materializer, media_type,
       size, content_hash, metadata, created_at)
     VALUES (:id, :name, (SELECT coalesce(max(version), 0) + 1 FROM artifact WHERE name = :name), :uri, :artifact_store,
       :run, :invocation, :output, :materializer, :media_type, :size, :content_hash, :metadata, :created_at)
     ON CONFLICT (run, invocation, output) DO NOTHING
     RETURNING version`,
    toRow(artifact),
  )
  return inserted === undefined ? findArtifact(connection, artifact) : { ...artifact, version: inserted.version }
}

export function selectArtifact(connection: Connection, id: string): ArtifactRecord | null {
  const row = connection.get(`SELECT ${artifactRow.selection} FROM artifact WHERE id = ?`, [id])
  return row === undefined ? null : parseArtifact(row, connection.file)
}

export function selectArtifacts(
  connection: Connection,
  filter: ArtifactFilter = {},
  report: ReportDamage = () => {},
): readonly ArtifactRecord[] {
  const conditions: string[] = []
  const values: SqlValue[] = []
  for (const column of ['run', 'name'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    conditions.push(`${column} = ?`)
    values.push(value)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT ${artifactRow.selection} FROM artifact ${where} ORDER BY sequence DESC`
  return readRows(connection, { sql, values, limit: filter.limit, parse: parseArtifact, report })
}

function findArtifact(connection: Connection, artifact: Omit<ArtifactRecord, 'version'>): ArtifactRecord {
  const row = connection.get(
    `SELECT ${artifactRow.selection} FROM artifact WHERE run = ? AND invocation = ? AND output = ?`,
    [artifact.run, artifact.invocation, artifact.output],
  )
  if (row === undefined) throw new Error('a row that was in the way of an insert is there')
  return parseArtifact(row, connection.file)
}

function toRow(record: Omit<ArtifactRecord, 'version'>) {
  return {
    id: record.id,
    name: record.name,
    uri: record.uri,
    artifact_store: record.artifactStore,
    run: record.run,
    invocation: record.invocation,
    output: record.output,
    materializer: record.materializer,
    media_type: record.mediaType,
    size: record.size,
    content_hash: record.contentHash,
    metadata: JSON.stringify(record.metadata),
    created_at: record.createdAt,
  }
}

/** The record of a stored row. */
export function parseArtifact(stored: unknown, file: string): ArtifactRecord {
  const { artifact_store, media_type, content_hash, created_at, ...row } = artifactRow.parse(stored, file)
  return {
    ...row,
    artifactStore: artifact_store,
    mediaType: media_type,
    contentHash: content_hash,
    createdAt: created_at,
  }
}
