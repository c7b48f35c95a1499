/**
 * What a step costs: an inline step with metadata, recorded and committed, against a bare loop that creates the same commit
 * file exclusively and writes one row in SQLite.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, z } from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'
import { localOrchestratorFlavor } from '@stack/flavor-local/orchestrator'
import { pipeline, step } from '@stack/pipelines'
import { runPipeline } from '@stack/pipelines/host'
import { initProject, openProject } from '@stack/project'
import Database from 'libsql'

const steps = 5000
const rounds = 3

const directory = await mkdtemp(join(tmpdir(), 'stack-step-overhead-'))

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function component(flavor, id, config, settings = {}) {
  const Class = await flavor.load()
  const read = { config: flavor.config.parse(config), settings: flavor.settings.parse(settings) }
  return new Class({ id, name: id, ...read, projectRoot: directory, log: silentLog })
}

/** A live stack with a store that is durable or not. */
async function openStack(durable) {
  const artifactStore = await component(localArtifactStoreFlavor, 'store', {
    path: join(directory, 'artifacts'),
    durable,
  })
  const orchestrator = await component(localOrchestratorFlavor, 'engine', {}, { concurrency: 1 })
  return {
    name: 'bench',
    artifactStore,
    orchestrator,
    components: [],
    redact: (value) => value,
    async [Symbol.asyncDispose]() {},
  }
}

const next = step({
  name: 'next',
  input: z.object({ value: z.number() }),
  output: z.number(),
  run: ({ value }, context) => {
    context.logMetadata({ value })
    return value + 1
  },
})

const chain = pipeline({
  name: 'chain',
  params: z.object({ steps: z.number() }),
  run: ({ steps }) => {
    let value = 0
    for (let index = 0; index < steps; index += 1) value = next({ value })
  },
})

let runs = 0

function nextRun() {
  runs += 1
  return runs
}

/** Milliseconds each step of a run took, from the end of the one before it to its own. */
async function stepTimes(count, { durable, records }) {
  const ends = []
  const result = await runPipeline({
    pipeline: chain,
    params: { steps: count },
    stack: { name: 'bench', components: [] },
    open: () => openStack(durable),
    projectRoot: directory,
    records,
    runId: `r${nextRun()}`,
    onEvent: ({ kind }) => {
      if (kind === 'attempt-ended') ends.push(performance.now())
    },
  })
  if (result.status !== 'completed') throw new Error(JSON.stringify(result.error))
  return ends.slice(1).map((end, index) => end - ends[index])
}

/** Milliseconds for the same commit file, created exclusively in a directory of its own, and one row. */
async function bareTimes(count, commit) {
  const root = join(directory, `bare-${nextRun()}`)
  const database = new Database(`${root}.db`)
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE steps (id TEXT PRIMARY KEY, data TEXT)',
  )
  const insert = database.prepare('INSERT INTO steps VALUES (?, ?)')
  const times = []
  for (let index = 0; index < count; index += 1) {
    const start = performance.now()
    const folder = join(root, `next_${index}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'commit.json'), commit, { flag: 'wx' })
    insert.run(`next_${index}`, commit)
    times.push(performance.now() - start)
  }
  database.close()
  return times
}

await initProject(directory)
const project = await openProject({ root: directory })
const { records } = project

await stepTimes(500, { durable: false, records })
const commit = await readFile(join(directory, 'artifacts/runs/r1/next_2/commit.json'), 'utf8')
await bareTimes(500, commit)

const measured = { step: [], bare: [], growth: [] }
for (let round = 0; round < rounds; round += 1) {
  const times = await stepTimes(steps, { durable: false, records })
  measured.step.push(median(times))
  measured.growth.push(median(times.slice(-100)) / median(times.slice(5, 105)))
  measured.bare.push(median(await bareTimes(steps, commit)))
}
const durable = median(await stepTimes(200, { durable: true, records }))
await project.close()
await rm(directory, { recursive: true, force: true })

const inline = median(measured.step)
const bare = median(measured.bare)
const ms = (value) => `${value.toFixed(3)} ms`
console.log(
  JSON.stringify({
    title: 'Step overhead',
    ratios: [
      {
        what: 'inline step with metadata and commit / bare loop (file created exclusively, one SQLite row), p50',
        ratio: inline / bare,
        atMost: 2,
      },
      {
        what: 'step 5,000 / step 10 of one run (medians of 100 steps there)',
        ratio: median(measured.growth),
        atMost: 1.2,
      },
      { what: 'the same step with `durable: true` / `durable: false`, p50', ratio: durable / inline },
    ],
    notes: [
      `A step costs ${ms(inline)}, the bare loop ${ms(bare)} (p50, \`durable: false\`).`,
      `With \`durable: true\`, the store's default, a step costs ${ms(durable)} (p50): the fsyncs of its commit.`,
    ],
  }),
)
