/** The parser of one table's rows. */
import type { Column } from './columns.js'
import { damagedRecord } from './damaged-record.js'
import { databaseCorrupt } from './to-stack-error.js'

type Columns = Readonly<Record<string, Column<unknown>>>

/** The values of a row by column. */
type Values<C extends Columns> = { readonly [Name in keyof C]: C[Name] extends Column<infer T> ? T : never }

export interface RowParser<C extends Columns> {
  /** What to select so that rows can be parsed. */
  readonly selection: string
  /** The values of a row of the database at `file`; throws `database-corrupt` where it is not in order, naming row and column. */
  parse(row: unknown, file: string): Values<C>
}

/** What takes part in the selection of a table beside its own columns. */
export type Expressions = Readonly<Record<string, string>>

/** Makes the parser of a table; `expressions` are columns that the selection computes. */
export function rowParser<C extends Columns>(table: string, columns: C, expressions: Expressions = {}): RowParser<C> {
  const selected = Object.entries(columns).map(([name, { stored }]) => {
    const source = expressions[name] ?? `${table}.${name}`
    return `${stored === 'text' ? `CAST(${source} AS BLOB)` : source} AS ${name}`
  })
  return {
    selection: [`${table}.rowid AS row_id`, ...selected].join(', '),
    parse(row, file) {
      const stored = row as Readonly<Record<string, unknown>>
      // SQLite counts rows from 1: a lower number is read from a page that was lost, and so are its neighbours.
      if (!(Number(stored.row_id) >= 1)) throw databaseCorrupt(file)
      const values = Object.entries(columns).map(([name, column]) => {
        const value = column.read(stored[name])
        if (value === undefined) throw damagedRecord(file, { table, stored, column: name, expected: column.expected })
        return [name, value]
      })
      return Object.fromEntries(values) as Values<C>
    },
  }
}
