/** The measurements the forest goes by: how much each matters, and what is usual for each species. */
import { features, type Penguin, speciesNames } from '../data/penguin.js'
import type { Forest } from '../model/forest.js'
import { html, type Markup } from './html.js'
import { percent } from './numbers.js'

/** One row for each measurement, the most telling first, with its mean in each species. */
export function featureTable(forest: Forest, training: readonly Penguin[]): Markup {
  const rows = features
    .map((feature) => ({ ...feature, importance: forest.importance[forest.features.indexOf(feature.name)] ?? 0 }))
    .sort((a, b) => b.importance - a.importance)
  const most = Math.max(...rows.map((row) => row.importance))
  return html`<table class="features">
<thead><tr><th scope="col">Measurement</th><th scope="col" class="wide">Importance</th>${speciesNames.map(
    (name) => html`<th scope="col">${name}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr><th scope="row">${row.label} <span class="unit">${row.unit}</span></th><td class="wide"><span class="bar" style="width:${((row.importance / most) * 60).toFixed(1)}%"></span> ${percent(row.importance)}</td>${speciesNames.map(
      (name) => html`<td>${mean(training.filter((each) => each.species === name).map((each) => each[row.name]))}</td>`,
    )}</tr>`,
  )}
</tbody></table>`
}

function mean(numbers: readonly number[]): string {
  if (numbers.length === 0) return '–'
  const value = numbers.reduce((total, number) => total + number, 0) / numbers.length
  return value.toFixed(value < 1000 ? 1 : 0)
}
