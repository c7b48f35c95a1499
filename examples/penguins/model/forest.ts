/** A random forest that tells the species of a penguin by its measurements. */
import { z } from '@stack/core'
import { RandomForestClassifier } from 'ml-random-forest'
import { features, type Penguin, type Species, speciesNames } from '../data/penguin.js'

/** A trained forest as plain JSON, so that it can be kept, compared and loaded anywhere. */
export const forest = z.strictObject({
  species: z.array(z.string()),
  features: z.array(z.string()),
  /** How much each feature contributed to telling the species apart; the sum is 1. */
  importance: z.array(z.number()),
  /** What `RandomForestClassifier.load` takes. */
  model: z.looseObject({ name: z.literal('RFClassifier') }),
})
export type Forest = z.output<typeof forest>

/** What a forest is grown with. */
export interface ForestOptions {
  readonly seed: number
  readonly trees: number
  readonly maxDepth: number
}

type ForestModel = Parameters<typeof RandomForestClassifier.load>[0]

/** Grows a forest; the same penguins and options give the same forest, byte for byte. */
export function growForest(penguins: readonly Penguin[], options: ForestOptions): Forest {
  const classifier = new RandomForestClassifier({
    seed: options.seed,
    nEstimators: options.trees,
    // Each tree sees a bootstrap sample of the rows and three of the four features.
    maxFeatures: 3,
    replacement: false,
    useSampleBagging: true,
    noOOB: true,
    treeOptions: { maxDepth: options.maxDepth, minNumSamples: 3 },
  })
  classifier.train(
    penguins.map(measurements),
    penguins.map((each) => speciesNames.indexOf(each.species)),
  )
  return {
    species: [...speciesNames],
    features: features.map((feature) => feature.name),
    importance: importance(classifier),
    // The library's own JSON still holds matrices; one round trip makes it plain.
    model: JSON.parse(JSON.stringify(classifier)) as Forest['model'],
  }
}

/** Tells the species of each penguin. */
export function identify(trained: Forest, penguins: readonly Penguin[]): Species[] {
  const classifier = RandomForestClassifier.load(trained.model as unknown as ForestModel)
  return classifier.predict(penguins.map(measurements)).map((index) => speciesNames[index] as Species)
}

function measurements(each: Penguin): number[] {
  return features.map((feature) => each[feature.name])
}

/** The library computes it and its types leave it out. */
function importance(classifier: RandomForestClassifier): number[] {
  return (classifier as RandomForestClassifier & { featureImportance(): number[] }).featureImportance()
}
