/** Leaves out the penguins that lack a measurement, and says how many. */
import { z } from '@stack/core'
import { step } from '@stack/pipelines'
import { features, measuredPenguin, penguin } from '../data/penguin.js'

export const cleanPenguins = step({
  name: 'clean-penguins',
  input: z.object({ measured: z.array(measuredPenguin) }),
  output: z.array(penguin).min(1),
  run({ measured }, context) {
    const penguins = measured.filter((each) => features.every((feature) => each[feature.name] !== null))
    context.logMetadata({ kept: penguins.length, leftOut: measured.length - penguins.length })
    // The output's schema proves that no measurement is missing.
    return penguins as z.output<typeof penguin>[]
  },
})
