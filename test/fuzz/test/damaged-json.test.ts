import fc from 'fast-check'
import { expect, it } from 'vitest'
import { damagedBytes, damagedJson } from '../src/index.js'

const valid = { version: 1, outputs: { output: { name: 'a.txt', sizes: [1, 2] } } }

it('changes almost every value, and keeps most of it', () => {
  const samples = fc.sample(damagedJson(valid), { numRuns: 500, seed: 1 })
  const changed = samples.filter((sample) => JSON.stringify(sample) !== JSON.stringify(valid))
  const alike = samples.filter((sample) => (sample as { version?: unknown } | null)?.version === 1)
  expect(changed.length).toBeGreaterThan(450)
  expect(alike.length).toBeGreaterThan(200)
})

it('reaches places below the outermost, and writes a property named __proto__', () => {
  const samples = fc.sample(damagedJson(valid), { numRuns: 2000, seed: 1 }).map((sample) => JSON.stringify(sample))
  expect(samples.some((sample) => sample.startsWith('{"version":1') && sample.includes('../../../victim.txt'))).toBe(
    true,
  )
  expect(samples.some((sample) => sample.includes('"__proto__":'))).toBe(true)
  expect(({} as { name?: unknown }).name).toBeUndefined()
})

it('leaves the value it was given as it was', () => {
  const before = JSON.stringify(valid)
  fc.sample(damagedJson(valid), { numRuns: 500, seed: 2 })
  expect(JSON.stringify(valid)).toBe(before)
})

it('is JSON whatever was sampled before, as often as it is sampled', () => {
  const sample = () =>
    fc.sample(damagedJson({ a: [] }), { numRuns: 5000, seed: 3 }).map((value) => JSON.stringify(value))
  expect(sample()).toEqual(sample())
})

it('damages bytes in every way', () => {
  const text = JSON.stringify(valid)
  const samples = fc.sample(damagedBytes(text), { numRuns: 500, seed: 1 }).map((bytes) => Buffer.from(bytes).toString())
  expect(samples.some((sample) => sample.length < text.length && text.startsWith(sample))).toBe(true)
  expect(samples.some((sample) => sample.length > text.length)).toBe(true)
})
