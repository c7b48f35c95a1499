/** The report: one page that needs nothing else, neither scripts nor fonts nor a network. */
import type { Penguin, Species } from '../data/penguin.js'
import type { Evaluation } from '../model/evaluation.js'
import { type Forest, identify } from '../model/forest.js'
import { classTable } from './class-table.js'
import { confusionMatrix } from './confusion-matrix.js'
import { featureTable } from './feature-table.js'
import { html, type Markup } from './html.js'
import { percent } from './numbers.js'
import { pageStyle } from './page-style.js'
import { scatterPlot } from './scatter-plot.js'

/** Everything the report shows. */
export interface Findings {
  readonly evaluation: Evaluation
  readonly forest: Forest
  readonly training: readonly Penguin[]
  readonly test: readonly Penguin[]
  readonly params: Readonly<Record<string, number>>
}

/** Writes the page; the same findings give the same bytes. */
export function reportPage({ evaluation, forest, training, test, params }: Findings): string {
  const said = identify(forest, test)
  const told = test.map((penguin, place) => ({ penguin, said: said[place] as Species }))
  const right = Math.round(evaluation.accuracy * test.length)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Which penguin is this?</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<p class="eyebrow">Palmer penguins · random forest</p>
<h1>Which penguin is this?</h1>
<p class="lead">A forest of ${params.trees ?? 0} trees learned from ${training.length} penguins and was shown ${test.length} it had never seen. It told ${right} of them rightly by four measurements alone.</p>
</header>
<section class="figures" aria-label="Key figures">
${figure('Accuracy', percent(evaluation.accuracy), `${right} of ${test.length} told rightly`)}
${figure('Baseline', percent(evaluation.baseline), 'by always saying the most frequent species')}
${figure('Wrong', String(test.length - right), mistakes(evaluation))}
</section>
<section>
<h2>What it said, and what they are</h2>
${confusionMatrix(evaluation)}
<p class="legend"><span class="swatch right"></span>told rightly <span class="swatch wrong"></span>taken for another; the deeper the colour, the larger the share of the row</p>
</section>
<section>
<h2>Where it goes wrong</h2>
${scatterPlot(told, 'billLength', 'billDepth')}
</section>
<section>
<h2>How well it knows each species</h2>
${classTable(evaluation)}
<p class="note">Precision: of those said to be of a species, the share that is. Recall: of those that are, the share that was found.</p>
</section>
<section>
<h2>What it goes by</h2>
${featureTable(forest, training)}
<p class="note">Importance in the forest, and the mean of each species among the penguins it learned from.</p>
</section>
<footer>
<p>Trained with ${Object.entries(params).map(([name, value]) => html`<code>${name} ${value}</code> `)}</p>
<p>Data: Gorman, Williams &amp; Fraser (2014), Palmer Station LTER; Horst, Hill &amp; Gorman (2020), <i>palmerpenguins</i>, CC0 1.0.</p>
</footer>
</main>
</body>
</html>
`.text
}

function figure(label: string, value: string, note: string): Markup {
  return html`<div class="figure"><p class="label">${label}</p><p class="value">${value}</p><p class="note">${note}</p></div>`
}

/** The most frequent confusion in words. */
function mistakes({ classes, confusion }: Evaluation): string {
  const wrong = confusion
    .flatMap((counts, row) => counts.map((count, column) => ({ count, row, column })))
    .filter(({ row, column }) => row !== column)
    .sort((a, b) => b.count - a.count)[0]
  if (wrong === undefined || wrong.count === 0) return 'not one taken for another'
  return `most often ${classes[wrong.row]?.name} taken for ${classes[wrong.column]?.name}`
}
