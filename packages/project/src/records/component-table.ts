/** Components, as rows. */
import { type ComponentRecord, type ComponentType, StackError } from '@stack/core'
import type { Connection } from './connection.js'
import { alreadyExists, nextRevision, requireRevision } from './record-errors.js'

type ComponentRow = ReturnType<typeof toRow>

export function insertComponent(connection: Connection, record: ComponentRecord): void {
  requireFreeName(connection, record)
  connection.insert('component', toRow(record))
}

export function selectComponent(connection: Connection, id: string): ComponentRecord | null {
  const row = connection.get<ComponentRow>('SELECT * FROM component WHERE id = ?', [id])
  return row === undefined ? null : fromRow(row)
}

export function findComponent(connection: Connection, type: ComponentType, name: string): ComponentRecord | null {
  const row = connection.get<ComponentRow>('SELECT * FROM component WHERE type = ? AND name = ?', [type, name])
  return row === undefined ? null : fromRow(row)
}

export function selectComponents(connection: Connection, type?: ComponentType): readonly ComponentRecord[] {
  const rows =
    type === undefined
      ? connection.all<ComponentRow>('SELECT * FROM component ORDER BY type, name')
      : connection.all<ComponentRow>('SELECT * FROM component WHERE type = ? ORDER BY name', [type])
  return rows.map(fromRow)
}

export function updateComponent(
  connection: Connection,
  record: ComponentRecord,
  expectedRevision: number,
): ComponentRecord {
  const what = { kind: record.type, name: record.name }
  requireRevision(selectComponent(connection, record.id), expectedRevision, what)
  requireFreeName(connection, record)
  const next = nextRevision(record, expectedRevision)
  connection.update('component', record.id, toRow(next))
  return next
}

export function deleteComponent(connection: Connection, id: string, expectedRevision: number): void {
  const found = selectComponent(connection, id)
  const record = requireRevision(found, expectedRevision, { kind: found?.type ?? 'component', name: found?.name ?? id })
  const stacks = connection.all<{ name: string }>(
    `SELECT DISTINCT stack.name FROM stack JOIN stack_component ON stack_component.stack = stack.id
     WHERE stack_component.component = ? ORDER BY stack.name`,
    [id],
  )
  if (stacks.length > 0)
    throw componentInUse(
      record,
      stacks.map((stack) => stack.name),
    )
  connection.run('DELETE FROM component WHERE id = ?', [id])
}

function requireFreeName(connection: Connection, record: ComponentRecord): void {
  const holder = findComponent(connection, record.type, record.name)
  if (holder !== null && holder.id !== record.id) throw alreadyExists(record.type, record.name)
}

function componentInUse(record: ComponentRecord, stacks: readonly string[]): StackError {
  const names = stacks.map((name) => `"${name}"`).join(', ')
  return new StackError(
    'in-use',
    `The ${record.type} "${record.name}" is part of the ${stacks.length === 1 ? 'stack' : 'stacks'} ${names}.`,
    {
      hint: `Give each stack another one first: stack update ${stacks[0]} --${record.type} NAME, or delete the stack: stack delete ${stacks[0]}`,
      details: { stacks },
    },
  )
}

function toRow(record: ComponentRecord) {
  return {
    id: record.id,
    type: record.type,
    name: record.name,
    flavor: record.flavor,
    package: record.package,
    version: record.version,
    config_version: record.configVersion,
    config: JSON.stringify(record.config),
    settings: JSON.stringify(record.settings),
    revision: record.revision,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

function fromRow(row: ComponentRow): ComponentRecord {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    flavor: row.flavor,
    package: row.package,
    version: row.version,
    configVersion: row.config_version,
    config: JSON.parse(row.config),
    settings: JSON.parse(row.settings),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
