/**
 * The S3 and GCS stores against other clients of these services, at a stub server that is faster than any of them, and the
 * local store's walk against `find`. With names of scenarios as arguments, only those.
 */
import { compare } from './artifact-store/compare.mjs'
import { scenarios } from './artifact-store/scenarios.mjs'

const names = process.argv.slice(2)
const results = []
for (const scenario of scenarios) {
  if (names.length > 0 && !names.some((name) => scenario.name.startsWith(name))) continue
  const result = await (scenario.measure?.() ?? compare(scenario))
  results.push(result)
  for (const { what, ratio, cpu, atLeast, atMost } of result.ratios) {
    const bound = atLeast !== undefined ? ` (≥ ${atLeast})` : atMost !== undefined ? ` (≤ ${atMost})` : ''
    console.log(`${what}: ${ratio.toFixed(2)}${cpu === undefined ? '' : `, CPU ${cpu.toFixed(2)}`}${bound}`)
  }
  for (const note of result.notes) console.log(note)
}
const merge = (part) => results.flatMap((result) => result[part])
console.log(JSON.stringify({ title: 'Artifact stores', ratios: merge('ratios'), notes: merge('notes') }))
