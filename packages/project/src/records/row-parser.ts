/** The parser of one table's rows. */
import type { Column } from './columns.js'
import { damagedRecord } from './damaged-record.js'

type Columns = Readonly<Record<string, Column<unknown>>>

/** The values of a row by column. */
type Values<C extends Columns> = { readonly [Name in keyof C]: C[Name] extends Column<infer T> ? T : never }

export interface RowParser<C extends Columns> {
  /** What to select so that rows can be parsed. */
  readonly selection: string
  /** The values of a row of the database at `file`; throws `database-corrupt`, naming row and column, where one is not in order. */
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
      const values = Object.entries(columns).map(([name, column]) => {
        const value = column.read(stored[name])
        if (value === undefined) throw damagedRecord(file, { table, stored, column: name, expected: column.expected })
        return [name, value]
      })
      return Object.fromEntries(values) as Values<C>
    },
  }
}
