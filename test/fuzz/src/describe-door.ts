/** Fuzzes one door: random inputs of a fixed seed in CI, more of them and of another seed by `npm run fuzz`. */
import fc from 'fast-check'
import { describe, it } from 'vitest'

/** How many inputs a fuzzer tries where nothing else is asked for: a second or two for each door. */
const usualCases = 1000

/** Any seed will do as long as it stays the same: what fails in CI fails everywhere. */
const usualSeed = 20_261_129

/** A million inputs of a slow door take their time. */
const timeLimit = 60 * 60 * 1000

/**
 * Declares a test that tries a door with random inputs. `STACK_FUZZ_CASES` and `STACK_FUZZ_SEED` override how many and which.
 * @param inputs What the stranger sends.
 * @param check Throws where the door does what it must not, such as failing with an error that is no StackError.
 */
export function describeDoor<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
): void {
  const numRuns = positiveInteger('STACK_FUZZ_CASES') ?? usualCases
  const seed = positiveInteger('STACK_FUZZ_SEED') ?? usualSeed
  describe(`fuzz: ${name}`, () => {
    it(
      'takes whatever comes',
      () =>
        fc.assert(
          fc.asyncProperty(inputs, async (input) => check(input)),
          { numRuns, seed },
        ),
      timeLimit,
    )
  })
}

function positiveInteger(variable: string): number | undefined {
  const value = process.env[variable]
  if (value === undefined || value === '') return undefined
  if (!/^[1-9]\d{0,9}$/.test(value)) throw new Error(`${variable} must be a positive integer, not "${value}".`)
  return Number(value)
}
