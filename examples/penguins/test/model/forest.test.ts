import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { penguin } from '../../data/penguin.js'
import { readPenguins } from '../../data/read-penguins.js'
import { split } from '../../data/split.js'
import { evaluate } from '../../model/evaluation.js'
import { forest, growForest, identify } from '../../model/forest.js'

const penguins = readPenguins(readFileSync(new URL('../../data/penguins.csv', import.meta.url), 'utf8')).flatMap(
  (row) => penguin.safeParse(row).data ?? [],
)
const { training, test } = split(penguins, { seed: 42, testShare: 0.3, group: (row) => row.species })
const options = { seed: 42, trees: 25, maxDepth: 6 }

describe('a forest grown on the penguins', () => {
  const grown = growForest(training, options)

  it('tells far more of the unseen penguins rightly than always saying the most frequent species', () => {
    const scores = evaluate(
      grown.species,
      test.map((each) => each.species),
      identify(grown, test),
    )
    expect(scores.accuracy).toBeGreaterThan(0.94)
    expect(scores.baseline).toBeLessThan(0.5)
  })

  it('is the same forest for the same seed, byte for byte, and another for another', () => {
    expect(JSON.stringify(growForest(training, options))).toBe(JSON.stringify(grown))
    expect(JSON.stringify(growForest(training, { ...options, seed: 43 }))).not.toBe(JSON.stringify(grown))
  })

  it('says the same after a trip through JSON', () => {
    const loaded = forest.parse(JSON.parse(JSON.stringify(grown)))
    expect(identify(loaded, test)).toEqual(identify(grown, test))
  })

  it('weighs its features so that the sum is 1', () => {
    expect(grown.importance).toHaveLength(4)
    expect(grown.importance.reduce((total, each) => total + each, 0)).toBeCloseTo(1)
  })
})
