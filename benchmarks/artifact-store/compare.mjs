/** Runs a scenario: the same work by several clients in turn, round by round; compares the medians of wall and CPU time. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startStub } from './stub.mjs'

const program = fileURLToPath(new URL('client-process.mjs', import.meta.url))
/** The first thousands of small operations run in code that is not compiled yet. */
const warmUpMs = 3000
const defaults = { rounds: 9, durationMs: 600, bounds: {} }

/** Gives the ratios and notes of a scenario, for the table. */
export async function compare(scenario) {
  const { what, clients, rounds, durationMs, bounds } = { ...defaults, ...scenario }
  const stub = await startStub(scenario.wire)
  const started = []
  try {
    for (const name of Object.keys(clients)) started.push(await startClient(scenario.name, name, stub.endpoint))
    for (const client of started) await client.run(warmUpMs)
    for (let round = 0; round < rounds; round += 1) {
      for (const client of started) client.costs.push(await client.run(durationMs))
    }
  } finally {
    for (const { stop } of started) stop()
    stub.stop()
  }
  const costs = new Map(started.map((client) => [client.name, summarise(client.costs)]))
  const ours = costs.get('ours')
  const ratios = [...costs]
    .filter(([name]) => name !== 'ours')
    .map(([name, { wall, cpu }]) => ({
      what: `${what}, speed against ${name}`,
      ratio: wall / ours.wall,
      cpu: cpu / ours.cpu,
      ...bounds[name],
    }))
  const listed = [...costs].map(([name, { wall, cpu }]) => `${name} ${format(wall)}, ${format(cpu)}`)
  return { ratios, notes: [`${what}, wall and CPU time of one: ${listed.join('; ')}.`] }
}

async function startClient(scenario, name, endpoint) {
  const child = fork(program, [scenario, name, endpoint], { execArgv: ['--no-warnings'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} of ${scenario} ended with ${code}`)
  })
  ended.catch(() => {})
  const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0]
  await answer()
  const run = (durationMs) => {
    child.send(durationMs)
    return answer()
  }
  return { name, costs: [], run, stop: () => child.kill() }
}

function summarise(costs) {
  return { wall: median(costs.map(({ wall }) => wall)), cpu: median(costs.map(({ cpu }) => cpu)) }
}

export function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]
}

/** Milliseconds, or microseconds where they are few. */
function format(milliseconds) {
  return milliseconds < 2 ? `${(milliseconds * 1000).toFixed(0)} µs` : `${milliseconds.toFixed(0)} ms`
}
