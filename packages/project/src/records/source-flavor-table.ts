/** Custom flavors registered by their source path, as rows. */
import { type ComponentType, componentTypes, type SourceFlavorRecord, StackError } from '@stack/core'
import { count, json, oneOf, shownText, text, texts, time } from './columns.js'
import type { Connection } from './connection.js'
import { type ReportDamage, readRows } from './read-rows.js'
import { alreadyExists, nextRevision, type RecordName, requireRevision, revisionOf } from './record-errors.js'
import { rowParser } from './row-parser.js'

const sourceFlavorRow = rowParser('source_flavor', {
  id: text,
  type: oneOf(componentTypes),
  name: text,
  source: text,
  // Core parses it, and imports the flavor again where it is no manifest.
  manifest: json,
  files: texts,
  revision: count(1),
  created_at: time,
  updated_at: time,
})

export function insertSourceFlavor(connection: Connection, record: SourceFlavorRecord): void {
  requireFreeName(connection, record)
  connection.insert('source_flavor', toRow(record))
}

export function findSourceFlavor(connection: Connection, type: ComponentType, name: string): SourceFlavorRecord | null {
  const sql = `SELECT ${sourceFlavorRow.selection} FROM source_flavor WHERE type = ? AND name = ?`
  const row = connection.get(sql, [type, name])
  return row === undefined ? null : parseSourceFlavor(row, connection.file)
}

export function selectSourceFlavors(
  connection: Connection,
  type?: ComponentType,
  report: ReportDamage = () => {},
): readonly SourceFlavorRecord[] {
  const where = type === undefined ? '' : 'WHERE type = ?'
  const sql = `SELECT ${sourceFlavorRow.selection} FROM source_flavor ${where} ORDER BY type, name`
  return readRows(connection, { sql, values: type === undefined ? [] : [type], parse: parseSourceFlavor, report })
}

export function updateSourceFlavor(
  connection: Connection,
  record: SourceFlavorRecord,
  expectedRevision: number,
): SourceFlavorRecord {
  const what = { kind: `${record.type} flavor`, name: record.name }
  requireRevision(revisionOf(connection, 'source_flavor', record.id), expectedRevision, what)
  requireFreeName(connection, record)
  const next = nextRevision(record, expectedRevision)
  connection.update('source_flavor', record.id, toRow(next))
  return next
}

export function deleteSourceFlavor(connection: Connection, id: string, expectedRevision: number): void {
  const found = connection.get<{ type: unknown; name: unknown }>(
    'SELECT CAST(type AS BLOB) AS type, CAST(name AS BLOB) AS name FROM source_flavor WHERE id = ?',
    [id],
  )
  const type = shownText(found?.type ?? 'custom')
  const what = { kind: `${type} flavor`, name: shownText(found?.name ?? id) }
  requireRevision(revisionOf(connection, 'source_flavor', id), expectedRevision, what)
  const users = connection.all<{ name: unknown }>(
    'SELECT CAST(name AS BLOB) AS name FROM component WHERE type = ? AND flavor = ? AND package IS NULL ORDER BY name',
    [type, what.name],
  )
  if (users.length > 0)
    throw flavorInUse(
      what,
      users.map(({ name }) => shownText(name)),
    )
  connection.run('DELETE FROM source_flavor WHERE id = ?', [id])
}

function requireFreeName(connection: Connection, record: SourceFlavorRecord): void {
  const sql = 'SELECT 1 FROM source_flavor WHERE type = ? AND name = ? AND id <> ?'
  if (connection.get(sql, [record.type, record.name, record.id]) !== undefined)
    throw alreadyExists(`${record.type} flavor`, record.name)
}

function flavorInUse(flavor: RecordName, components: readonly string[]): StackError {
  const names = components.map((name) => `"${name}"`).join(', ')
  return new StackError(
    'in-use',
    `The ${flavor.kind} "${flavor.name}" is used by the ${components.length === 1 ? 'component' : 'components'} ${names}.`,
    {
      hint: `Delete what uses it first: stack ${flavor.kind.replace(/ flavor$/, '')} delete ${components[0]}`,
      details: { components },
    },
  )
}

function toRow(record: SourceFlavorRecord) {
  return {
    id: record.id,
    type: record.type,
    name: record.name,
    source: record.source,
    manifest: JSON.stringify(record.manifest),
    files: JSON.stringify(record.files),
    revision: record.revision,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

/** The record of a stored row. */
export function parseSourceFlavor(stored: unknown, file: string): SourceFlavorRecord {
  const { created_at, updated_at, ...row } = sourceFlavorRow.parse(stored, file)
  return { ...row, createdAt: created_at, updatedAt: updated_at }
}
