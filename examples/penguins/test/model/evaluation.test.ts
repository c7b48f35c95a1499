import { expect, it } from 'vitest'
import { evaluate } from '../../model/evaluation.js'

it('counts a known case by hand', () => {
  const actual = ['a', 'a', 'a', 'b', 'b', 'c']
  const predicted = ['a', 'a', 'b', 'b', 'c', 'c']
  const scores = evaluate(['a', 'b', 'c'], actual, predicted)
  expect(scores.confusion).toEqual([
    [2, 1, 0],
    [0, 1, 1],
    [0, 0, 1],
  ])
  expect(scores.accuracy).toBeCloseTo(4 / 6)
  expect(scores.baseline).toBeCloseTo(3 / 6)
  expect(scores.classes[0]).toEqual({ name: 'a', precision: 1, recall: 2 / 3, f1: 0.8, support: 3 })
  expect(scores.classes[1]).toEqual({ name: 'b', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 })
})

it('gives a class that is never said a precision of 0, not NaN', () => {
  const scores = evaluate(['a', 'b'], ['a', 'b'], ['a', 'a'])
  expect(scores.classes[1]).toEqual({ name: 'b', precision: 0, recall: 0, f1: 0, support: 1 })
})
