/** A view as text: aligned for a terminal, tab-separated for a pipe. */
import { sanitize, sanitizeLine } from '@stack/core/host'
import type { Terminal } from './terminal.js'
import type { Cell, RecordView, SectionsView, TableView, TextView } from './view.js'

/** Renders everything but bytes. */
export async function renderView(
  view: TableView | RecordView | TextView | SectionsView,
  terminal: Terminal,
): Promise<string> {
  switch (view.kind) {
    case 'text':
      return endLine(sanitize(view.text))
    case 'record':
      return renderRecord(view, terminal)
    case 'table':
      return renderTable(view, terminal)
    case 'sections': {
      const parts = await Promise.all(view.views.map((part) => renderView(part, terminal)))
      return parts.filter((part) => part !== '').join('\n')
    }
  }
}

function renderRecord({ entries }: RecordView, terminal: Terminal): string {
  if (!terminal.stdoutIsTerminal)
    return entries.map(([name, value]) => `${sanitizeLine(name)}\t${cellText(value)}\n`).join('')
  const width = widestOf(entries.map(([name]) => sanitizeLine(name).length))
  return entries
    .map(
      ([name, value]) => `${terminal.style(sanitizeLine(name).padEnd(width), 'dim', 'stdout')}  ${cellText(value)}\n`,
    )
    .join('')
}

async function renderTable({ columns, rows, empty }: TableView, terminal: Terminal): Promise<string> {
  const cells = rows.map((row) => row.map(cellText))
  if (!terminal.stdoutIsTerminal) return cells.map((row) => `${row.join('\t')}\n`).join('')
  if (cells.length === 0) return empty === undefined ? '' : `${empty}\n`
  const { default: stringWidth } = await import('string-width')
  const lines = [columns, ...cells]
  const widths = columns.map((_, column) => {
    return widestOf(lines.map((line) => stringWidth(line[column] ?? '')))
  })
  const aligned = lines.map((line, index) => {
    const padded = line.map((cell, column) => {
      const text = index === 0 ? terminal.style(cell, 'bold', 'stdout') : cell
      return text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)))
    })
    return padded.join('  ').trimEnd()
  })
  return `${aligned.join('\n')}\n`
}

/** Longer cells stick out of their column: one of a megabyte would fill every other row with as many spaces. */
const widthLimit = 200

function widestOf(widths: readonly number[]): number {
  return widths.reduce((widest, width) => Math.min(widthLimit, Math.max(widest, width)), 0)
}

function cellText(value: Cell): string {
  return value === null || value === undefined ? '' : sanitizeLine(String(value))
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** What `--quiet` prints: one name a line. */
export function renderNames(names: readonly string[]): string {
  return names.map((name) => `${sanitizeLine(name)}\n`).join('')
}
