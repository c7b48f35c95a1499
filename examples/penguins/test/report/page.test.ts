import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { penguin } from '../../data/penguin.js'
import { readPenguins } from '../../data/read-penguins.js'
import { evaluate } from '../../model/evaluation.js'
import { growForest, identify } from '../../model/forest.js'
import { html, htmlPage } from '../../report/html.js'
import { type Findings, reportPage } from '../../report/page.js'

const penguins = readPenguins(readFileSync(new URL('../../data/penguins.csv', import.meta.url), 'utf8')).flatMap(
  (row) => penguin.safeParse(row).data ?? [],
)

describe('the report', () => {
  const page = reportPage(findings())

  it('is one page that loads nothing and runs nothing', () => {
    expect(htmlPage.safeParse(page).success).toBe(true)
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(/)
  })

  it('shows the accuracy and the baseline', () => {
    expect(page).toMatch(/Accuracy<\/p><p class="value">\d+\.\d\u202f%/)
    expect(page).toContain('Baseline')
  })

  it('draws one cell for each pair of species, and says the matrix in words', () => {
    expect(page.match(/<g class="cell /g)).toHaveLength(9)
    expect(page).toContain('said to be Gentoo')
    expect(page).toMatch(/<desc id="matrix-text">Of 151 Adelie: \d+ as Adelie/)
  })

  it('marks every penguin of the test, and rings those that were taken for another', () => {
    const { evaluation, test } = findings()
    const right = Math.round(evaluation.accuracy * test.length)
    expect(page.match(/<g transform=.*class="mark /g)).toHaveLength(test.length)
    expect(page.match(/class="ring" r="10"/g)).toHaveLength(test.length - right)
  })

  it('lists the measurements, the most telling first', () => {
    const shares = [...page.matchAll(/<span class="bar" style="width:([\d.]+)%">/g)].map((match) => Number(match[1]))
    expect(shares).toHaveLength(4)
    expect(shares).toEqual([...shares].sort((a, b) => b - a))
  })

  it('is the same for the same findings, byte for byte', () => {
    expect(reportPage(findings())).toBe(page)
  })
})

it('escapes what is put into a template', () => {
  expect(html`<b title="${'"'}">${'<script>'}</b>`.text).toBe('<b title="&#34;">&#60;script&#62;</b>')
})

function findings(): Findings {
  const params = { seed: 1, trees: 3, maxDepth: 3 }
  const forest = growForest(penguins, params)
  const names = penguins.map((each) => each.species)
  const evaluation = evaluate(forest.species, names, identify(forest, penguins))
  return { evaluation, forest, training: penguins, test: penguins, params }
}
