/** Judges a forest by penguins it has never seen. */
import { z } from '@stack/core'
import { step } from '@stack/pipelines'
import { penguin } from '../data/penguin.js'
import { evaluate, evaluation } from '../model/evaluation.js'
import { forest, identify } from '../model/forest.js'

export const evaluateForest = step({
  name: 'evaluate-forest',
  input: z.object({ forest, test: z.array(penguin) }),
  output: evaluation,
  run({ forest, test }, context) {
    const scores = evaluate(
      forest.species,
      test.map((each) => each.species),
      identify(forest, test),
    )
    context.logMetadata({ accuracy: scores.accuracy, baseline: scores.baseline })
    return scores
  },
})
