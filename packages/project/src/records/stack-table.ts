/** Stacks, as rows; their components are rows of `stack_component`. */
import type { ComponentType, StackRecord } from '@stack/core'
import { selectComponent } from './component-table.js'
import type { Connection } from './connection.js'
import { alreadyExists, nextRevision, recordNotFound, requireRevision } from './record-errors.js'

interface StackRow {
  readonly id: string
  readonly name: string
  readonly revision: number
  readonly created_at: string
  readonly updated_at: string
}

export function insertStack(connection: Connection, record: StackRecord): void {
  requireFreeName(connection, record)
  connection.insert('stack', toRow(record))
  insertStackComponents(connection, record)
}

export function selectStack(connection: Connection, id: string): StackRecord | null {
  const row = connection.get<StackRow>('SELECT * FROM stack WHERE id = ?', [id])
  return row === undefined ? null : fromRow(connection, row)
}

export function findStack(connection: Connection, name: string): StackRecord | null {
  const row = connection.get<StackRow>('SELECT * FROM stack WHERE name = ?', [name])
  return row === undefined ? null : fromRow(connection, row)
}

export function selectStacks(connection: Connection): readonly StackRecord[] {
  return connection.all<StackRow>('SELECT * FROM stack ORDER BY name').map((row) => fromRow(connection, row))
}

export function updateStack(connection: Connection, record: StackRecord, expectedRevision: number): StackRecord {
  requireRevision(selectStack(connection, record.id), expectedRevision, { kind: 'stack', name: record.name })
  requireFreeName(connection, record)
  const next = nextRevision(record, expectedRevision)
  connection.update('stack', record.id, toRow(next))
  connection.run('DELETE FROM stack_component WHERE stack = ?', [record.id])
  insertStackComponents(connection, next)
  return next
}

export function deleteStack(connection: Connection, id: string, expectedRevision: number): void {
  const found = selectStack(connection, id)
  requireRevision(found, expectedRevision, { kind: 'stack', name: found?.name ?? id })
  connection.run('DELETE FROM stack_component WHERE stack = ?', [id])
  connection.run('DELETE FROM stack WHERE id = ?', [id])
}

function insertStackComponents(connection: Connection, record: StackRecord): void {
  for (const [type, ids] of Object.entries(record.components)) {
    for (const [position, id] of ids.entries()) {
      if (selectComponent(connection, id)?.type !== type) throw recordNotFound(type, id)
      connection.insert('stack_component', { stack: record.id, type, position, component: id })
    }
  }
}

function requireFreeName(connection: Connection, record: StackRecord): void {
  const holder = findStack(connection, record.name)
  if (holder !== null && holder.id !== record.id) throw alreadyExists('stack', record.name)
}

function toRow(record: StackRecord) {
  return {
    id: record.id,
    name: record.name,
    revision: record.revision,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

function fromRow(connection: Connection, row: StackRow): StackRecord {
  const components: { [T in ComponentType]?: string[] } = {}
  const rows = connection.all<{ type: ComponentType; component: string }>(
    'SELECT type, component FROM stack_component WHERE stack = ? ORDER BY type, position',
    [row.id],
  )
  for (const { type, component } of rows) {
    components[type] = [...(components[type] ?? []), component]
  }
  return {
    id: row.id,
    name: row.name,
    components,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
