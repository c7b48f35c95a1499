/** Stacks, as rows; their components are rows of `stack_component`. */
import { type ComponentType, isComponentType, type StackRecord } from '@stack/core'
import { count, jsonOf, shownText, text, time } from './columns.js'
import type { Connection } from './connection.js'
import { type ReportDamage, readRows } from './read-rows.js'
import { alreadyExists, nextRevision, recordNotFound, requireRevision, revisionOf } from './record-errors.js'
import { rowParser } from './row-parser.js'

type Member = readonly [type: ComponentType, component: string]

const members = jsonOf(
  'a list of component types and ids',
  (value): value is readonly Member[] => Array.isArray(value) && value.every(isMember),
)

function isMember(value: unknown): value is Member {
  return Array.isArray(value) && isComponentType(value[0]) && typeof value[1] === 'string'
}

const stackRow = rowParser(
  'stack',
  { id: text, name: text, revision: count(1), created_at: time, updated_at: time, members },
  {
    members: `(SELECT json_group_array(json_array(type, component) ORDER BY type, position)
               FROM stack_component WHERE stack_component.stack = stack.id)`,
  },
)

export function insertStack(connection: Connection, record: StackRecord): void {
  requireFreeName(connection, record)
  connection.insert('stack', toRow(record))
  insertStackComponents(connection, record)
}

export function selectStack(connection: Connection, id: string): StackRecord | null {
  const row = connection.get(`SELECT ${stackRow.selection} FROM stack WHERE id = ?`, [id])
  return row === undefined ? null : parseStack(row, connection.file)
}

export function findStack(connection: Connection, name: string): StackRecord | null {
  const row = connection.get(`SELECT ${stackRow.selection} FROM stack WHERE name = ?`, [name])
  return row === undefined ? null : parseStack(row, connection.file)
}

export function selectStacks(connection: Connection, report: ReportDamage = () => {}): readonly StackRecord[] {
  const sql = `SELECT ${stackRow.selection} FROM stack ORDER BY name`
  return readRows(connection, { sql, parse: parseStack, report })
}

export function updateStack(connection: Connection, record: StackRecord, expectedRevision: number): StackRecord {
  requireRevision(revisionOf(connection, 'stack', record.id), expectedRevision, { kind: 'stack', name: record.name })
  requireFreeName(connection, record)
  const next = nextRevision(record, expectedRevision)
  connection.update('stack', record.id, toRow(next))
  connection.run('DELETE FROM stack_component WHERE stack = ?', [record.id])
  insertStackComponents(connection, next)
  return next
}

export function deleteStack(connection: Connection, id: string, expectedRevision: number): void {
  const found = connection.get<{ name: unknown }>('SELECT CAST(name AS BLOB) AS name FROM stack WHERE id = ?', [id])
  const what = { kind: 'stack', name: shownText(found?.name ?? id) }
  requireRevision(revisionOf(connection, 'stack', id), expectedRevision, what)
  connection.run('DELETE FROM stack_component WHERE stack = ?', [id])
  connection.run('DELETE FROM stack WHERE id = ?', [id])
}

function insertStackComponents(connection: Connection, record: StackRecord): void {
  for (const [type, ids] of Object.entries(record.components)) {
    for (const [position, id] of ids.entries()) {
      if (connection.get('SELECT 1 FROM component WHERE id = ? AND type = ?', [id, type]) === undefined)
        throw recordNotFound(type, id)
      connection.insert('stack_component', { stack: record.id, type, position, component: id })
    }
  }
}

function requireFreeName(connection: Connection, record: StackRecord): void {
  const sql = 'SELECT 1 FROM stack WHERE name = ? AND id <> ?'
  if (connection.get(sql, [record.name, record.id]) !== undefined) throw alreadyExists('stack', record.name)
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

/** The record of a stored row. */
export function parseStack(stored: unknown, file: string): StackRecord {
  const { members, created_at, updated_at, ...row } = stackRow.parse(stored, file)
  const components: { [T in ComponentType]?: string[] } = {}
  for (const [type, id] of members) components[type] = [...(components[type] ?? []), id]
  return { ...row, components, createdAt: created_at, updatedAt: updated_at }
}
