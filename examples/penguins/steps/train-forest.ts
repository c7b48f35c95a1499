/** Grows a random forest on the training part. */
import { z } from '@stack/core'
import { step } from '@stack/pipelines'
import { penguin } from '../data/penguin.js'
import { forest, growForest } from '../model/forest.js'

export const trainForest = step({
  name: 'train-forest',
  input: z.object({ training: z.array(penguin), seed: z.int(), trees: z.int(), maxDepth: z.int() }),
  output: forest,
  run({ training, ...options }, context) {
    context.log.info(`Growing ${options.trees} trees on ${training.length} penguins.`)
    return growForest(training, options)
  },
})
