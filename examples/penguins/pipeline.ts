/** Which penguin is this? From a CSV file to a trained classifier and a report on how good it is. */
import { z } from '@stack/core'
import { pipeline } from '@stack/pipelines'
import { cleanPenguins } from './steps/clean-penguins.js'
import { evaluateForest } from './steps/evaluate-forest.js'
import { loadPenguins } from './steps/load-penguins.js'
import { splitPenguins } from './steps/split-penguins.js'
import { trainForest } from './steps/train-forest.js'
import { writeReport } from './steps/write-report.js'

/** What can be asked of the training: `stack run pipeline.ts#train --trees 50`. */
export const params = z.strictObject({
  seed: z.int().min(0).max(2_147_483_647).default(42).describe('The same seed gives the same artifacts.'),
  testShare: z.number().min(0.05).max(0.5).default(0.3).describe('Share of each species set aside for the test.'),
  trees: z.int().min(1).max(500).default(25).describe('Trees in the forest.'),
  maxDepth: z.int().min(1).max(20).default(6).describe('Questions a tree asks at most, one after the other.'),
})

export const train = pipeline({
  name: 'train',
  params,
  run({ seed, testShare, trees, maxDepth }) {
    const measured = loadPenguins()
    const penguins = cleanPenguins({ measured })
    const { training, test } = splitPenguins({ penguins, seed, testShare })
    const forest = trainForest({ training, seed, trees, maxDepth })
    const evaluation = evaluateForest({ forest, test })
    writeReport({ evaluation, forest, training, test, params: { seed, testShare, trees, maxDepth } })
  },
})
