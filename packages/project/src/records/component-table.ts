/** Components, as rows. */
import { type ComponentRecord, type ComponentType, componentTypes, StackError } from '@stack/core'
import { count, jsonObject, oneOf, orNull, shownText, text, time } from './columns.js'
import type { Connection } from './connection.js'
import { type ReportDamage, readRows } from './read-rows.js'
import { alreadyExists, nextRevision, type RecordName, requireRevision, revisionOf } from './record-errors.js'
import { rowParser } from './row-parser.js'

const componentRow = rowParser('component', {
  id: text,
  type: oneOf(componentTypes),
  name: text,
  flavor: text,
  package: orNull(text),
  version: orNull(text),
  config_version: count(1),
  config: jsonObject,
  settings: jsonObject,
  revision: count(1),
  created_at: time,
  updated_at: time,
})

export function insertComponent(connection: Connection, record: ComponentRecord): void {
  requireFreeName(connection, record)
  connection.insert('component', toRow(record))
}

export function selectComponent(connection: Connection, id: string): ComponentRecord | null {
  const row = connection.get(`SELECT ${componentRow.selection} FROM component WHERE id = ?`, [id])
  return row === undefined ? null : parseComponent(row, connection.file)
}

export function findComponent(connection: Connection, type: ComponentType, name: string): ComponentRecord | null {
  const sql = `SELECT ${componentRow.selection} FROM component WHERE type = ? AND name = ?`
  const row = connection.get(sql, [type, name])
  return row === undefined ? null : parseComponent(row, connection.file)
}

export function selectComponents(
  connection: Connection,
  type?: ComponentType,
  report: ReportDamage = () => {},
): readonly ComponentRecord[] {
  const where = type === undefined ? '' : 'WHERE type = ?'
  const sql = `SELECT ${componentRow.selection} FROM component ${where} ORDER BY type, name`
  return readRows(connection, { sql, values: type === undefined ? [] : [type], parse: parseComponent, report })
}

export function updateComponent(
  connection: Connection,
  record: ComponentRecord,
  expectedRevision: number,
): ComponentRecord {
  const what = { kind: record.type, name: record.name }
  requireRevision(revisionOf(connection, 'component', record.id), expectedRevision, what)
  requireFreeName(connection, record)
  const next = nextRevision(record, expectedRevision)
  connection.update('component', record.id, toRow(next))
  return next
}

export function deleteComponent(connection: Connection, id: string, expectedRevision: number): void {
  const found = connection.get<{ type: unknown; name: unknown }>(
    'SELECT CAST(type AS BLOB) AS type, CAST(name AS BLOB) AS name FROM component WHERE id = ?',
    [id],
  )
  const what = { kind: shownText(found?.type ?? 'component'), name: shownText(found?.name ?? id) }
  requireRevision(revisionOf(connection, 'component', id), expectedRevision, what)
  const stacks = connection.all<{ name: unknown }>(
    `SELECT DISTINCT CAST(stack.name AS BLOB) AS name FROM stack JOIN stack_component ON stack_component.stack = stack.id
     WHERE stack_component.component = ? ORDER BY stack.name`,
    [id],
  )
  if (stacks.length > 0)
    throw componentInUse(
      what,
      stacks.map(({ name }) => shownText(name)),
    )
  connection.run('DELETE FROM component WHERE id = ?', [id])
}

function requireFreeName(connection: Connection, record: ComponentRecord): void {
  const sql = 'SELECT 1 FROM component WHERE type = ? AND name = ? AND id <> ?'
  if (connection.get(sql, [record.type, record.name, record.id]) !== undefined)
    throw alreadyExists(record.type, record.name)
}

function componentInUse(component: RecordName, stacks: readonly string[]): StackError {
  const names = stacks.map((name) => `"${name}"`).join(', ')
  return new StackError(
    'in-use',
    `The ${component.kind} "${component.name}" is part of the ${stacks.length === 1 ? 'stack' : 'stacks'} ${names}.`,
    {
      hint: `Give each stack another one first: stack update ${stacks[0]} --${component.kind} NAME, or delete the stack: stack delete ${stacks[0]}`,
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

/** The record of a stored row. */
export function parseComponent(stored: unknown, file: string): ComponentRecord {
  const { config_version, created_at, updated_at, ...row } = componentRow.parse(stored, file)
  return { ...row, configVersion: config_version, createdAt: created_at, updatedAt: updated_at }
}
