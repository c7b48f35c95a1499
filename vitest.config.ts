/** One run for every package: tests mirror `src/` under each `test/`, and what crosses packages stands in `test/`. */
import { defineConfig } from 'vitest/config'

/** Where `.ci/run` wants a report of what ran; nothing is written without it. */
const report = process.env.STACK_TEST_REPORT

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'integrations/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // Much of the time goes into waiting, for servers, processes and pauses: no core is kept free.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
