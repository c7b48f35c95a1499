/** Proves that a zod schema and a JSON Schema accept and refuse the same values, on generated ones. */
import assert from 'node:assert/strict'
import type { ObjectSchema } from '@stack/core'
import { checkResolvedValues, type JsonSchema } from '@stack/core/host'
import fc from 'fast-check'
import { arbitraryConfig } from './arbitrary-config.js'

/** How many configs are generated for each schema. */
const runs = 400

/**
 * Rejects with the smallest config found on which the two differ. What zod refuses by `refine` alone is no difference: that is
 * checked second, and JSON Schema cannot say it.
 */
export async function compareVerdicts(json: JsonSchema, zod: ObjectSchema): Promise<void> {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(arbitraryConfig(json), async (config) => {
      const problems = await checkResolvedValues(json, config)
      const result = await zod.safeParseAsync(config)
      const issues = result.success ? [] : result.error.issues.filter(({ code }) => code !== 'custom')
      if (problems.length === 0) accepted += 1
      assert.equal(
        issues.length === 0,
        problems.length === 0,
        `zod ${issues.length === 0 ? 'accepts' : 'refuses'} and JSON Schema ${problems.length === 0 ? 'accepts' : 'refuses'} ${JSON.stringify(config)}: ${JSON.stringify(issues.length > 0 ? issues : problems)}`,
      )
    }),
    { numRuns: runs, seed: 20_251 },
  )
  assert.notEqual(accepted, 0, 'No generated config was accepted, so nothing was proven.')
}
