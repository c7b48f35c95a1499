/** Records that cannot be read: each is reported by itself, and hides no other. */
import { componentTypes, isStackError, StackError } from '@stack/core'
import { shellWord, type Warning } from '@stack/core/host'
import { decode } from './columns.js'

/** Where a row is not in order. */
export interface Damage {
  readonly table: string
  /** The row as it was read. */
  readonly stored: Readonly<Record<string, unknown>>
  readonly column: string
  /** What the column must hold. */
  readonly expected: string
}

/** The error of one row of the database at `file`. */
export function damagedRecord(file: string, { table, stored, column, expected }: Damage): StackError {
  const [id, row] = [decode(stored.id)?.slice(0, 100), stored.row_id]
  const name = id === undefined ? `number ${row}` : JSON.stringify(id)
  return new StackError(
    'database-corrupt',
    `The record ${name} in the table ${table} of the project's database ${file} is damaged: its "${column}" is not ${expected}.`,
    {
      hint: `To delete this record and keep all others: ${deletion(file, { table, stored })}`,
      details: { file, table, row, column, ...(id === undefined ? {} : { id, revision: stored.revision }) },
    },
  )
}

/** The command that deletes a damaged record: the program's own where it has one and the name can be read. */
function deletion(file: string, { table, stored }: Pick<Damage, 'table' | 'stored'>): string {
  const name = decode(stored.name)
  const type = componentTypes.find((each) => each === decode(stored.type))
  if (name !== undefined && /^[\w-]{1,100}$/.test(name)) {
    if (table === 'stack') return `stack delete ${name}`
    if (table === 'component' && type !== undefined) return `stack ${type} delete ${name}`
    if (table === 'source_flavor' && type !== undefined) return `stack ${type} flavor delete ${name}`
  }
  return `sqlite3 ${shellWord(file)} "PRAGMA foreign_keys = ON; DELETE FROM ${table} WHERE rowid = ${stored.row_id}"`
}

/** Whether an error is of one record, not of the whole database. */
export function isDamagedRecord(error: unknown): error is StackError {
  return isStackError(error, 'database-corrupt') && error.details.table !== undefined
}

/** Which record is to be deleted. */
export interface Identity {
  readonly id: string
  readonly revision: number
}

/** The identity of the record that an error says is damaged, so that it can be deleted; any other error is thrown. */
export function identityOfDamaged(error: unknown): Identity {
  if (!isDamagedRecord(error)) throw error
  const { id, revision } = error.details
  if (typeof id !== 'string' || typeof revision !== 'number') throw error
  return { id, revision }
}

/** How many damaged records are reported one by one. */
const mostWarnings = 20

/** Makes what reports each damaged record once, as a warning. */
export function damageReporter(onWarning: (warning: Warning) => void): (error: StackError) => void {
  const seen = new Set<string>()
  return ({ code, message, hint = '' }) => {
    if (seen.has(message) || seen.size > mostWarnings) return
    seen.add(message)
    onWarning(
      seen.size > mostWarnings
        ? { code, message: 'More records are damaged than are shown here.' }
        : { code, message, hint },
    )
  }
}
