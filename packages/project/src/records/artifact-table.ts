/** Artifacts, as rows; versions count up within a name. */
import type { ArtifactRecord, RecordStore } from '@stack/core'
import type { Connection, SqlValue } from './connection.js'

type ArtifactRow = ReturnType<typeof toRow> & { readonly version: number }
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
  const row = connection.get<ArtifactRow>('SELECT * FROM artifact WHERE id = ?', [id])
  return row === undefined ? null : fromRow(row)
}

export function selectArtifacts(connection: Connection, filter: ArtifactFilter = {}): readonly ArtifactRecord[] {
  const conditions: string[] = []
  const values: SqlValue[] = []
  for (const column of ['run', 'name'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    conditions.push(`${column} = ?`)
    values.push(value)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT * FROM artifact ${where} ORDER BY sequence DESC LIMIT ?`
  return connection.all<ArtifactRow>(sql, [...values, filter.limit ?? -1]).map(fromRow)
}

function findArtifact(connection: Connection, artifact: Omit<ArtifactRecord, 'version'>): ArtifactRecord {
  const row = connection.get<ArtifactRow>('SELECT * FROM artifact WHERE run = ? AND invocation = ? AND output = ?', [
    artifact.run,
    artifact.invocation,
    artifact.output,
  ])
  if (row === undefined) throw new Error('a row that was in the way of an insert is there')
  return fromRow(row)
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

function fromRow(row: ArtifactRow): ArtifactRecord {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    uri: row.uri,
    artifactStore: row.artifact_store,
    run: row.run,
    invocation: row.invocation,
    output: row.output,
    materializer: row.materializer,
    mediaType: row.media_type,
    size: row.size,
    contentHash: row.content_hash,
    metadata: JSON.parse(row.metadata),
    createdAt: row.created_at,
  }
}
