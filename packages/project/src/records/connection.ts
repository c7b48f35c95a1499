/** One open SQLite database: prepared statements that are kept, and transactions that take the write lock at once. */
import Database from 'libsql'
import { toStackError } from './to-stack-error.js'

/** What can be bound: booleans are written as 0 and 1, because libsql ends the process on one. */
export type SqlValue = string | number | null

/** Parameters by position or by name (`:name`). */
export type SqlParameters = readonly SqlValue[] | SqlRow

/** Values by column. */
export type SqlRow = { readonly [column: string]: SqlValue }

type Statement = ReturnType<Database.Database['prepare']>

/** How long a connection waits for the lock of another process, in milliseconds. */
const busyTimeout = 30_000

export class Connection {
  /** What errors name. */
  readonly file: string
  readonly #database: Database.Database
  readonly #statements = new Map<string, Statement>()

  /** Opens a path, a `file:` URI or `:memory:`; the path is created where it is absent. */
  constructor(location: string, file: string) {
    this.file = file
    try {
      this.#database = new Database(location, { timeout: busyTimeout })
    } catch (error) {
      throw toStackError(error, file)
    }
  }

  /** The first row, or undefined. */
  get<Row = unknown>(sql: string, parameters: SqlParameters = []): Row | undefined {
    return this.#execute(sql, (statement) => statement.get(parameters) as Row | undefined)
  }

  /** Every row. */
  all<Row = unknown>(sql: string, parameters: SqlParameters = []): readonly Row[] {
    return this.#execute(sql, (statement) => statement.all(parameters) as Row[])
  }

  /** Runs a statement and gives the number of rows it changed. */
  run(sql: string, parameters: SqlParameters = []): number {
    return this.#execute(sql, (statement) => statement.run(parameters).changes)
  }

  /** Inserts a row; one with the same key is `already-exists`. */
  insert(table: string, row: SqlRow): void {
    const columns = Object.keys(row)
    const values = columns.map((column) => `:${column}`)
    this.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`, row)
  }

  /** Writes the columns of the row with the given `id` and gives the number of rows there were. */
  update(table: string, id: string, columns: SqlRow): number {
    const assignments = Object.keys(columns).map((column) => `${column} = :${column}`)
    return this.run(`UPDATE ${table} SET ${assignments.join(', ')} WHERE id = :id`, { ...columns, id })
  }

  /** Runs several statements that take no parameters. */
  script(sql: string): void {
    try {
      this.#database.exec(sql)
    } catch (error) {
      throw toStackError(error, this.file)
    }
  }

  /** Runs `work` in one transaction that holds the write lock from its start; what it throws undoes all of it. */
  transaction<T>(work: () => T): T {
    this.script('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.script('COMMIT')
      return result
    } catch (error) {
      if (this.#database.inTransaction) this.script('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #execute<T>(sql: string, work: (statement: Statement) => T): T {
    try {
      const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
      this.#statements.set(sql, statement)
      return work(statement)
    } catch (error) {
      // libsql does not reset a statement that failed: it would report the same error for ever.
      this.#statements.delete(sql)
      throw toStackError(error, this.file)
    }
  }
}
