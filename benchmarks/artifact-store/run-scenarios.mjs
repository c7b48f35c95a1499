/** Runs scenarios one after the other, all or those whose names begin with an argument, and prints what the page takes. */
import { compare } from './compare.mjs'

export async function runScenarios(title, scenarios) {
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
  console.log(JSON.stringify({ title, ratios: merge('ratios'), notes: merge('notes') }))
}
