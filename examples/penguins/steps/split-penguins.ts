/** Sets penguins aside by which the forest will be judged, in the same proportion for each species. */
import { z } from '@stack/core'
import { step } from '@stack/pipelines'
import { penguin } from '../data/penguin.js'
import { split } from '../data/split.js'

export const splitPenguins = step({
  name: 'split-penguins',
  input: z.object({ penguins: z.array(penguin), seed: z.int(), testShare: z.number() }),
  output: { training: z.array(penguin).min(1), test: z.array(penguin).min(1) },
  run({ penguins, seed, testShare }, context) {
    const parts = split(penguins, { seed, testShare, group: (each) => each.species })
    context.logMetadata({ training: parts.training.length, test: parts.test.length })
    return parts
  },
})
