/** The page on testing flavors lists every case there is, in the words of the kit. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { artifactStoreCases, orchestratorCases } from '../src/index.js'

const page = readFileSync(new URL('../../../docs/testing-flavors.md', import.meta.url), 'utf8')

/** The rows of the table below a heading: id and sentence. */
function rowsBelow(heading: string): string[][] {
  const section = page.slice(page.indexOf(`\n${heading}\n`)).split(/\n##/)[1] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` *\|(?: (✓| ) *\|)? (.*?) *\|$/gm)].map(([, id = '', http, title = '']) =>
    http === undefined ? [id, title] : [id, http, title],
  )
}

test('every case of artifact stores, in order', () => {
  expect(rowsBelow('## Cases of artifact stores')).toEqual(
    artifactStoreCases.map(({ id, needs, title }) => [id, needs === 'http' ? '✓' : ' ', title.replaceAll('|', '\\|')]),
  )
})

test('every case of orchestrators, in order', () => {
  expect(rowsBelow('## Cases of orchestrators')).toEqual(orchestratorCases.map(({ id, title }) => [id, title]))
})
