/** The scores of each species as a table. */
import type { Evaluation } from '../model/evaluation.js'
import { html, type Markup } from './html.js'
import { score } from './numbers.js'

/** One row for each species. */
export function classTable({ classes }: Pick<Evaluation, 'classes'>): Markup {
  return html`<table>
<thead><tr><th scope="col">Species</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">F1</th><th scope="col">Penguins</th></tr></thead>
<tbody>${classes.map(
    (each) => html`
<tr><th scope="row">${each.name}</th><td>${score(each.precision)}</td><td>${score(each.recall)}</td><td>${score(each.f1)}</td><td>${each.support}</td></tr>`,
  )}
</tbody></table>`
}
