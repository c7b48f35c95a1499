/** `kill -9` at random moments: the project goes on working, and no half artifact is ever seen. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { cleanEnvironment } from '../clean-environment.js'
import { type LinkedProject, makeLinkedProject, stackProgram } from '../linked-project.js'
import { mustRun } from '../run-program.js'
import { auditStore } from './audit-store.js'
import { openLocalStore } from './open-local-store.js'
import { pipelineFile } from './pipeline-file.js'
import { seededRandom } from './seeded-random.js'

const kills = 200
/** Two programs at work in the project at any time, each killed by itself. */
const lanes = 2
/** After this many kills, a run must complete before the next one. */
const killsBetweenRuns = 20

/** The steps of a run that came to its end. */
const completedSteps = ['numbers', 'split', 'total', 'total_2', 'bytes', 'report'].map(() => 'completed')

/** What is killed; the number makes names unique. */
const operations: readonly { name: string; argv(number: number): string[] }[] = [
  { name: 'run', argv: (number) => ['run', 'pipelines/chaos.ts#chaos', '--seed', `${number}`] },
  {
    name: 'run with a process for each step',
    argv: (number) => ['run', 'pipelines/chaos.ts#chaos', '--seed', `${number}`, '--stack', 'processes'],
  },
  {
    name: 'component registration',
    argv: (number) => ['artifact-store', 'register', `shelf-${number}`, '--flavor=local', `--path=shelf-${number}`],
  },
  {
    name: 'stack registration',
    argv: (number) => ['register', `stack-${number}`, '--artifact-store', 'default', '--orchestrator', 'default'],
  },
]

it('survives 200 kills', { timeout: 900_000 }, async () => {
  const seed = Number(process.env.STACK_CHAOS_SEED ?? randomInt(2 ** 31))
  console.log(`STACK_CHAOS_SEED=${seed} repeats these choices`)
  await using project = await makeLinkedProject({ 'pipelines/chaos.ts': pipelineFile })
  const { directory } = project
  const stack = async (...argv: string[]) => JSON.parse(await runStack(project, [...argv, '--json'])).data

  await stack('init')
  await stack('orchestrator', 'register', 'processes', '--flavor=local', '--settings.isolation=process')
  await stack('register', 'processes', '--artifact-store', 'default', '--orchestrator', 'processes')
  const durations = await measureDurations(project)

  const random = seededRandom(seed)
  const killed = new Map(operations.map(({ name }) => [name, 0]))
  let started = 0
  let total = 0
  const lane = async () => {
    while (total < kills) {
      const operation = operations[Math.floor(random() * operations.length)] as (typeof operations)[number]
      const delay = random() * (durations.get(operation.name) ?? 0)
      const outcome = await killAfter(project, operation.argv(started++), delay)
      if (outcome !== 'killed') {
        expect(outcome, `${operation.name} ended by itself`).toBe(0)
        continue
      }
      total += 1
      killed.set(operation.name, (killed.get(operation.name) ?? 0) + 1)
      if (total % killsBetweenRuns === 0) {
        expect(await stack('run', 'pipelines/chaos.ts#chaos', '--seed', '1')).toMatchObject({ status: 'completed' })
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  console.log(`killed: ${[...killed].map(([name, count]) => `${count} × ${name}`).join(', ')}`)
  for (const { name } of operations) expect(killed.get(name), name).toBeGreaterThan(10)

  // Nothing half-written shows, and every commit has what it lists.
  const { config } = await stack('artifact-store', 'describe', 'default')
  await using store = await openLocalStore(directory, config.path)
  const audit = await auditStore(store)
  expect(audit.faults).toEqual([])
  expect(audit.commits).toBeGreaterThan(0)
  expect(audit.outputs).toBeGreaterThan(audit.commits)

  // Every record is whole: what a killed registration left is either usable or absent.
  for (const component of await stack('artifact-store', 'list')) expect(component).toMatchObject({ status: 'ok' })
  for (const one of await stack('list')) expect(one).toMatchObject({ status: 'ok' })
  const runs = await stack('runs', 'list', '--limit', '1000')
  expect(runs.length).toBeGreaterThan(kills / killsBetweenRuns)
  for (const { id, status } of runs.slice(0, 40)) {
    expect(['completed', 'interrupted']).toContain(status)
    const { steps } = await stack('runs', 'describe', id)
    if (status === 'completed') expect(steps.map((step: { status: string }) => step.status)).toEqual(completedSteps)
  }
  expect(await stack('run', 'pipelines/chaos.ts#chaos', '--seed', '2')).toMatchObject({ status: 'completed' })
})

/** How long each operation takes when it is left alone, in milliseconds. */
async function measureDurations(project: LinkedProject): Promise<ReadonlyMap<string, number>> {
  const durations = new Map<string, number>()
  for (const { name, argv } of operations) {
    const start = performance.now()
    await runStack(project, argv(-1))
    durations.set(name, performance.now() - start)
  }
  return durations
}

function runStack({ directory }: LinkedProject, argv: readonly string[]): Promise<string> {
  return mustRun(process.execPath, [stackProgram, ...argv], { cwd: directory, env: cleanEnvironment() })
}

/** Starts the program and kills it after `delay` milliseconds; resolves to its exit code where it was quicker. */
function killAfter({ directory }: LinkedProject, argv: readonly string[], delay: number): Promise<number | 'killed'> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [stackProgram, ...argv], {
      cwd: directory,
      env: cleanEnvironment(),
      stdio: 'ignore',
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), delay)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      resolve(signal === 'SIGKILL' ? 'killed' : (code ?? -1))
    })
  })
}
