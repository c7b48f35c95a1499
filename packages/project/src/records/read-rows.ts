/** Lists of records, without those that are damaged. */
import type { StackError } from '@stack/core'
import type { Connection, SqlValue } from './connection.js'
import { isDamagedRecord } from './damaged-record.js'

/** Takes the error of a record that a list leaves out. */
export type ReportDamage = (error: StackError) => void

/** A list of one table's records. */
export interface ListQuery<R> {
  /** A `SELECT` with an order and without a limit. */
  readonly sql: string
  readonly values?: readonly SqlValue[]
  /** How many sound records at most; all unless given. */
  readonly limit?: number | undefined
  readonly parse: (row: unknown, file: string) => R
  readonly report: ReportDamage
}

/** Every sound record of a list up to its limit: a damaged one is reported and takes nobody's place. */
export function readRows<R>(connection: Connection, query: ListQuery<R>): readonly R[] {
  const { sql, values = [], limit = -1, parse, report } = query
  const records: R[] = []
  let rows: readonly unknown[]
  let offset = 0
  do {
    rows = connection.all(`${sql} LIMIT ? OFFSET ?`, [...values, limit, offset])
    offset += rows.length
    for (const row of rows) {
      if (records.length === limit) break
      try {
        records.push(parse(row, connection.file))
      } catch (error) {
        if (!isDamagedRecord(error)) throw error
        report(error)
      }
    }
  } while (limit >= 0 && rows.length === limit && records.length < limit)
  return records
}
