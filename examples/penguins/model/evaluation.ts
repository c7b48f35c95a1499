/** How good a classifier is, judged by penguins it has never seen. */
import { z } from '@stack/core'

/** The scores of one class. */
export const classScores = z.strictObject({
  name: z.string(),
  /** Of those said to be of this class, the share that is. */
  precision: z.number(),
  /** Of those that are of this class, the share that was found. */
  recall: z.number(),
  /** The harmonic mean of precision and recall. */
  f1: z.number(),
  /** How many of the class were judged. */
  support: z.int(),
})

/** What an evaluation finds. */
export const evaluation = z.strictObject({
  /** The share told rightly. */
  accuracy: z.number(),
  /** The accuracy of always saying the most frequent class: what any classifier must beat. */
  baseline: z.number(),
  classes: z.array(classScores),
  /** `confusion[actual][predicted]` counts, in the order of `classes`. */
  confusion: z.array(z.array(z.int())),
})
export type Evaluation = z.output<typeof evaluation>

/** Compares what was predicted with what is; both lists are in the same order. */
export function evaluate(
  names: readonly string[],
  actual: readonly string[],
  predicted: readonly string[],
): Evaluation {
  const confusion = names.map((row) =>
    names.map((column) => actual.filter((name, place) => name === row && predicted[place] === column).length),
  )
  const cell = (row: number, column: number) => confusion[row]?.[column] ?? 0
  const classes = names.map((name, place) => {
    const right = cell(place, place)
    const said = sum(names.map((_, row) => cell(row, place)))
    const support = sum(names.map((_, column) => cell(place, column)))
    const precision = share(right, said)
    const recall = share(right, support)
    return { name, precision, recall, f1: share(2 * precision * recall, precision + recall), support }
  })
  return {
    accuracy: share(sum(names.map((_, place) => cell(place, place))), actual.length),
    baseline: share(Math.max(...classes.map((each) => each.support)), actual.length),
    classes,
    confusion,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** A share of nothing is 0. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
