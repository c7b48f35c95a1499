/** The confusion matrix as a picture: what a penguin is (rows) against what the forest said (columns). */
import type { Evaluation } from '../model/evaluation.js'
import { html, type Markup } from './html.js'
import { percent } from './numbers.js'

const cellWidth = 132
const cellHeight = 92
const gap = 6
const left = 132
const top = 68

/**
 * Draws the matrix. Blue is right, orange is wrong, a pair that stays apart in every kind of colour blindness; the deeper the
 * colour, the larger the share of the row; every cell also says its count and share.
 */
export function confusionMatrix({ classes, confusion }: Pick<Evaluation, 'classes' | 'confusion'>): Markup {
  const size = classes.length
  const width = left + size * (cellWidth + gap)
  const height = top + size * (cellHeight + gap)
  const middle = { x: left + (size * (cellWidth + gap) - gap) / 2, y: top + (size * (cellHeight + gap) - gap) / 2 }
  const columns = classes.map(
    ({ name }, column) =>
      html`<text class="axis" text-anchor="middle" x="${x(column) + cellWidth / 2}" y="${top - 14}">${name}</text>`,
  )
  const rows = classes.map(
    ({ name }, row) =>
      html`<text class="axis" text-anchor="end" x="${left - 14}" y="${y(row) + cellHeight / 2 + 5}">${name}</text>`,
  )
  const cells = confusion.flatMap((counts, row) =>
    counts.map((count, column) =>
      cell({
        row,
        column,
        count,
        share: count / Math.max(1, classes[row]?.support ?? 0),
        title: `${classes[row]?.name} said to be ${classes[column]?.name}: ${count}`,
      }),
    ),
  )
  return html`<svg class="matrix" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="matrix-title matrix-text">
<title id="matrix-title">Confusion matrix</title>
<desc id="matrix-text">${describe({ classes, confusion })}</desc>
<text class="caption" text-anchor="middle" x="${middle.x}" y="18">The forest said</text>
<text class="caption" text-anchor="middle" transform="translate(16 ${middle.y}) rotate(-90)">The penguin is</text>
${columns}${rows}
${cells}
</svg>`
}

interface Cell {
  readonly row: number
  readonly column: number
  readonly count: number
  /** Of the row, between 0 and 1. */
  readonly share: number
  readonly title: string
}

function cell({ row, column, count, share, title }: Cell): Markup {
  const kind = row === column ? 'right' : 'wrong'
  // From 0.55 on, white text has the better contrast; a wrong cell starts deep enough to be noticed.
  const depth = count === 0 ? 0 : kind === 'right' ? 0.15 + 0.85 * share : 0.25 + 0.75 * share
  const ink = count === 0 ? 'none' : depth >= 0.55 ? 'light' : 'dark'
  const middle = x(column) + cellWidth / 2
  return html`<g class="cell ${kind} ${ink}"><title>${title}</title>
<rect class="ground" x="${x(column)}" y="${y(row)}" width="${cellWidth}" height="${cellHeight}" rx="10"/>
<rect class="fill" x="${x(column)}" y="${y(row)}" width="${cellWidth}" height="${cellHeight}" rx="10" fill-opacity="${depth.toFixed(3)}"/>
<text class="count" text-anchor="middle" x="${middle}" y="${y(row) + 48}">${count}</text>
<text class="share" text-anchor="middle" x="${middle}" y="${y(row) + 70}">${count === 0 ? '' : percent(share)}</text></g>`
}

/** The same in words, for who cannot see it. */
function describe({ classes, confusion }: Pick<Evaluation, 'classes' | 'confusion'>): string {
  return classes
    .map(({ name, support }, row) => {
      const counts = classes.map((other, column) => `${confusion[row]?.[column] ?? 0} as ${other.name}`)
      return `Of ${support} ${name}: ${counts.join(', ')}.`
    })
    .join(' ')
}

function x(column: number): number {
  return left + column * (cellWidth + gap)
}

function y(row: number): number {
  return top + row * (cellHeight + gap)
}
