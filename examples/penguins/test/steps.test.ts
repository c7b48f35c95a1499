import { isStackError } from '@stack/core'
import { testContext } from '@stack/pipelines'
import { expect, it } from 'vitest'
import { params } from '../pipeline.js'
import { cleanPenguins } from '../steps/clean-penguins.js'
import { evaluateForest } from '../steps/evaluate-forest.js'
import { loadPenguins } from '../steps/load-penguins.js'
import { splitPenguins } from '../steps/split-penguins.js'
import { trainForest } from '../steps/train-forest.js'
import { writeReport } from '../steps/write-report.js'

it('goes from the file to the report, step by step', async () => {
  const { seed, testShare, trees, maxDepth } = params.parse({})
  const measured = await loadPenguins.run({}, testContext())

  const cleaning = testContext()
  const penguins = await cleanPenguins.run({ measured }, cleaning)
  expect(cleaning.metadata).toEqual({ kept: 342, leftOut: 2 })

  const splitting = testContext()
  const { training, test } = await splitPenguins.run({ penguins, seed, testShare }, splitting)
  expect(splitting.metadata).toEqual({ training: 240, test: 102 })

  const forest = await trainForest.run({ training, seed, trees, maxDepth }, testContext())
  const evaluating = testContext()
  const evaluation = await evaluateForest.run({ forest, test }, evaluating)
  expect(evaluation.accuracy).toBeGreaterThan(0.94)
  expect(evaluating.metadata).toEqual({ accuracy: evaluation.accuracy, baseline: evaluation.baseline })

  const report = await writeReport.run(
    { evaluation, forest, training, test, params: { seed, testShare, trees, maxDepth } },
    testContext(),
  )
  expect(report).toContain('<h1>Which penguin is this?</h1>')
})

it('refuses an input that is no penguin, naming it', async () => {
  const error = await cleanPenguins.run({ measured: [{ species: 'Emperor' }] } as never, testContext()).catch((e) => e)
  expect(isStackError(error, 'invalid-input')).toBe(true)
  expect(error.problems.map((problem: { path: string }) => problem.path)).toContain('measured[0].species')
})

it.each([{ testShare: 0.9 }, { trees: 0 }, { seed: 1.5 }, { tree: 5 }])('refuses the parameters %j', (given) => {
  expect(params.safeParse(given).success).toBe(false)
})
