/** Reads the file of penguins: CSV with `NA` for what is missing, every row checked. */
import { StackError, z } from '@stack/core'
import { parse } from 'csv-parse/sync'
import { type MeasuredPenguin, measuredPenguin } from './penguin.js'

/** The file's columns, and the fields they become. */
const columns: Readonly<Record<string, keyof MeasuredPenguin>> = {
  species: 'species',
  island: 'island',
  bill_length_mm: 'billLength',
  bill_depth_mm: 'billDepth',
  flipper_length_mm: 'flipperLength',
  body_mass_g: 'bodyMass',
  sex: 'sex',
  year: 'year',
}

const numeric: ReadonlySet<string> = new Set(['billLength', 'billDepth', 'flipperLength', 'bodyMass', 'year'])

/**
 * Reads penguins from CSV text.
 * @throws StackError `invalid-input` that names every row and column that is not as it should be.
 */
export function readPenguins(csv: string): MeasuredPenguin[] {
  const rows: Record<string, string>[] = parse(csv, {
    columns: (names: string[]) => names.map((name) => columns[name] ?? name),
    skip_empty_lines: true,
    trim: true,
  })
  const checked = z.array(measuredPenguin).safeParse(rows.map(readRow))
  if (checked.success) return checked.data
  throw new StackError('invalid-input', 'The file of penguins has rows that are not penguins.', {
    problems: checked.error.issues.map((issue) => {
      const [row, ...rest] = issue.path
      // Row 0 of the data stands in line 2 of the file, below the names of the columns.
      return { path: ['line', Number(row) + 2, ...rest].map(String).join(' '), message: issue.message }
    }),
    cause: checked.error,
  })
}

function readRow(row: Record<string, string>): Record<string, string | number | null> {
  return Object.fromEntries(
    Object.entries(row).map(([field, text]) => [
      field,
      text === 'NA' ? null : numeric.has(field) ? Number(text) : text,
    ]),
  )
}
