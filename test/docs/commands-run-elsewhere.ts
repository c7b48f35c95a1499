/**
 * The commands that a document may show and this test does not run again, each with what does run it. Everything that is
 * not of this table is run.
 */
export const commandsRunElsewhere: readonly { readonly pattern: RegExp; readonly runBy: string }[] = [
  { pattern: /^npm test$/, runBy: '.ci/run, of which this test is a part' },
  { pattern: /^npm run (quickstart|build|typecheck|check)$/, runBy: '.ci/run' },
  { pattern: /^npm run all$/, runBy: '.ci/run, verb by verb' },
  {
    pattern: /^npm install (-D )?(@stack\/(cli|pipelines|core|testing|flavor-(local|s3|gcs)) ?)+$/,
    runBy: 'test/packages',
  },
]
