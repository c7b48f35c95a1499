/** A pipeline to try a store with: one output small enough for the commit, one that becomes an object of its own. */
import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

export const findPrimes = step({
  name: 'find-primes',
  input: z.object({ below: z.int() }),
  output: z.array(z.int()),
  run({ below }) {
    const composite = new Uint8Array(below)
    const primes: number[] = []
    for (let number = 2; number < below; number++) {
      if (composite[number] === 1) continue
      primes.push(number)
      for (let multiple = number * number; multiple < below; multiple += number) composite[multiple] = 1
    }
    return primes
  },
})

export const describePrimes = step({
  name: 'describe-primes',
  input: z.object({ primes: z.array(z.int()).min(1) }),
  output: z.object({ count: z.int(), largest: z.int() }),
  run: ({ primes }) => ({ count: primes.length, largest: primes.at(-1) ?? 0 }),
})

export const primes = pipeline({
  name: 'primes',
  params: z.strictObject({ below: z.int().min(3).max(10_000_000).default(100_000) }),
  run({ below }) {
    describePrimes({ primes: findPrimes({ below }) })
  },
})
