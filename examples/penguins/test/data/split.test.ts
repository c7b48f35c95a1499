import { expect, it } from 'vitest'
import { split } from '../../data/split.js'

const rows = Array.from({ length: 100 }, (_, number) => ({ number, kind: number < 80 ? 'common' : 'rare' }))
const options = { seed: 42, testShare: 0.25, group: (row: { kind: string }) => row.kind }

it('puts every row into exactly one part', () => {
  const { training, test } = split(rows, options)
  expect([...training, ...test].map((row) => row.number).sort((a, b) => a - b)).toEqual(rows.map((row) => row.number))
})

it('keeps the proportion of the groups', () => {
  const { test } = split(rows, options)
  expect(test.filter((row) => row.kind === 'common')).toHaveLength(20)
  expect(test.filter((row) => row.kind === 'rare')).toHaveLength(5)
})

it('gives the same split for the same seed and another for another', () => {
  expect(split(rows, options)).toEqual(split(rows, options))
  expect(split(rows, { ...options, seed: 43 })).not.toEqual(split(rows, options))
})

it('keeps the order within a part and leaves the rows alone', () => {
  const before = structuredClone(rows)
  const { training } = split(rows, options)
  expect(training).toEqual([...training].sort((a, b) => a.number - b.number))
  expect(rows).toEqual(before)
})
