/** Executes one attempt of a step for each message, on the store at the given place: `node race-attempts.mjs <JSON>`. */
import { pipeline, step } from '@stack/pipelines'
import { executeStep, planPipeline } from '@stack/pipelines/host'
import { openStore } from './open-store.mjs'

const artifactStore = await openStore(JSON.parse(process.argv[2]))
// Each attempt makes outputs of its own: one small enough for the commit itself, one an object beside it.
const anything = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }
const contested = step({
  name: 'contested',
  output: { small: anything, large: anything },
  run: (_, { attempt, run }) => ({ small: { attempt, run }, large: `${attempt} `.repeat(20_000) }),
})
const { plan, steps } = await planPipeline(pipeline({ name: 'race', run: () => void contested() }), {})
const stack = { name: 'race', artifactStore, components: [], redact: (value) => value }

process.on('message', async (ref) => {
  const outcome = await executeStep(ref, {
    stack,
    pipeline: 'race',
    invocation: plan.invocations[0],
    steps,
    projectRoot: '/',
    commitOf: () => Promise.reject(new Error('it has no inputs')),
    signal: new AbortController().signal,
  })
  process.send(outcome)
})
process.on('disconnect', () => process.exit(0))
process.send('ready')
