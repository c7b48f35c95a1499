/** Custom flavors registered by their source path, as rows. */
import { type ComponentType, type SourceFlavorRecord, StackError } from '@stack/core'
import type { Connection } from './connection.js'
import { alreadyExists, nextRevision, requireRevision } from './record-errors.js'

type SourceFlavorRow = ReturnType<typeof toRow>

export function insertSourceFlavor(connection: Connection, record: SourceFlavorRecord): void {
  requireFreeName(connection, record)
  connection.insert('source_flavor', toRow(record))
}

export function selectSourceFlavor(connection: Connection, id: string): SourceFlavorRecord | null {
  const row = connection.get<SourceFlavorRow>('SELECT * FROM source_flavor WHERE id = ?', [id])
  return row === undefined ? null : fromRow(row)
}

export function findSourceFlavor(connection: Connection, type: ComponentType, name: string): SourceFlavorRecord | null {
  const row = connection.get<SourceFlavorRow>('SELECT * FROM source_flavor WHERE type = ? AND name = ?', [type, name])
  return row === undefined ? null : fromRow(row)
}

export function selectSourceFlavors(connection: Connection, type?: ComponentType): readonly SourceFlavorRecord[] {
  const rows =
    type === undefined
      ? connection.all<SourceFlavorRow>('SELECT * FROM source_flavor ORDER BY type, name')
      : connection.all<SourceFlavorRow>('SELECT * FROM source_flavor WHERE type = ? ORDER BY name', [type])
  return rows.map(fromRow)
}

export function updateSourceFlavor(
  connection: Connection,
  record: SourceFlavorRecord,
  expectedRevision: number,
): SourceFlavorRecord {
  const what = { kind: `${record.type} flavor`, name: record.name }
  requireRevision(selectSourceFlavor(connection, record.id), expectedRevision, what)
  requireFreeName(connection, record)
  const next = nextRevision(record, expectedRevision)
  connection.update('source_flavor', record.id, toRow(next))
  return next
}

export function deleteSourceFlavor(connection: Connection, id: string, expectedRevision: number): void {
  const found = selectSourceFlavor(connection, id)
  const what = { kind: found === null ? 'flavor' : `${found.type} flavor`, name: found?.name ?? id }
  const record = requireRevision(found, expectedRevision, what)
  const users = connection.all<{ name: string }>(
    'SELECT name FROM component WHERE type = ? AND flavor = ? AND package IS NULL ORDER BY name',
    [record.type, record.name],
  )
  if (users.length > 0)
    throw flavorInUse(
      record,
      users.map((user) => user.name),
    )
  connection.run('DELETE FROM source_flavor WHERE id = ?', [id])
}

function requireFreeName(connection: Connection, record: SourceFlavorRecord): void {
  const holder = findSourceFlavor(connection, record.type, record.name)
  if (holder !== null && holder.id !== record.id) throw alreadyExists(`${record.type} flavor`, record.name)
}

function flavorInUse(record: SourceFlavorRecord, components: readonly string[]): StackError {
  const names = components.map((name) => `"${name}"`).join(', ')
  return new StackError(
    'in-use',
    `The ${record.type} flavor "${record.name}" is used by the ${components.length === 1 ? 'component' : 'components'} ${names}.`,
    { hint: `Delete what uses it first: stack ${record.type} delete ${components[0]}`, details: { components } },
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

function fromRow(row: SourceFlavorRow): SourceFlavorRecord {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    source: row.source,
    manifest: JSON.parse(row.manifest),
    files: JSON.parse(row.files),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
