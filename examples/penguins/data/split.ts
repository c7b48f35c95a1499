/** Divides rows into a part to learn from and a part to be judged by. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** What decides a split. */
export interface SplitOptions<Row> {
  /** The same seed gives the same split. */
  readonly seed: number
  /** The share of every group that is set aside for the test, between 0 and 1. */
  readonly testShare: number
  /** Rows of one group are divided in the same proportion (a stratified split). */
  readonly group: (row: Row) => string
}

/** Splits rows at random, each group in the same proportion; within a part, rows keep their order. */
export function split<Row>(rows: readonly Row[], options: SplitOptions<Row>): { training: Row[]; test: Row[] } {
  const random = xoroshiro128plus(options.seed)
  const chosen = new Set<Row>()
  for (const group of groups(rows, options.group)) {
    const count = Math.round(group.length * options.testShare)
    // The first `count` places of a Fisher–Yates shuffle.
    for (let place = 0; place < count; place++) {
      const other = uniformInt(random, place, group.length - 1)
      const row = group[other] as Row
      group[other] = group[place] as Row
      group[place] = row
      chosen.add(row)
    }
  }
  return { training: rows.filter((row) => !chosen.has(row)), test: rows.filter((row) => chosen.has(row)) }
}

function groups<Row>(rows: readonly Row[], group: (row: Row) => string): Row[][] {
  const found = new Map<string, Row[]>()
  for (const row of rows) found.set(group(row), [...(found.get(group(row)) ?? []), row])
  return [...found.values()]
}
