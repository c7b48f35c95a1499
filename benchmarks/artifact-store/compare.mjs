/** Compares clients that do the same work in turn, round by round, by the medians of their wall and CPU time. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startStub } from './stub.mjs'

const program = fileURLToPath(new URL('client-process.mjs', import.meta.url))
/**
 * A round is as much CPU time for each, so that a busy machine makes it longer and not smaller. The first thousands of small
 * operations run in code that is not compiled yet.
 */
const defaults = { rounds: 7, roundMs: 300, warmUpMs: 1800, bounds: {} }

/** Runs a scenario, each client in a process of its own; gives ratios and notes for the table. */
export async function compare(scenario) {
  const { rounds, roundMs, warmUpMs } = { ...defaults, ...scenario }
  return withClients(scenario, async (clients) => {
    for (const { run } of clients) await run(warmUpMs)
    for (let round = 0; round < rounds; round += 1) {
      for (const { run, costs } of clients) costs.push(await run(roundMs))
    }
    return summarise(scenario, new Map(clients.map(({ name, costs }) => [name, costs])))
  })
}

/**
 * Runs each client's operation in a new process, as often as there are rounds; gives the medians of a figure. It is that of the
 * first time, or where there is a warm-up of the second.
 */
export async function measureOnce(scenario, figure) {
  const figures = new Map(Object.keys(scenario.clients).map((name) => [name, []]))
  for (let round = 0; round < (scenario.rounds ?? 3); round += 1) {
    await withClients(scenario, async (clients) => {
      for (const { name, run } of clients) {
        if (scenario.warmUp) await run(1)
        figures.get(name).push(figure(await run(1)))
      }
    })
  }
  return Object.fromEntries([...figures].map(([name, values]) => [name, median(values)]))
}

/** Compares operations within this process. */
export async function compareOperations({ what, operations, rounds, bounds }) {
  const costs = new Map(Object.keys(operations).map((name) => [name, []]))
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, operation] of Object.entries(operations)) {
      const started = performance.now()
      await operation()
      if (round >= 0) costs.get(name).push({ wall: performance.now() - started })
    }
  }
  return summarise({ what, bounds }, costs)
}

async function withClients({ name: scenario, clients, wire }, run) {
  const stub = await startStub(wire)
  const started = []
  try {
    for (const name of Object.keys(clients)) started.push(await startClient(scenario, name, stub.endpoint))
    return await run(started)
  } finally {
    for (const { stop } of started) stop()
    stub.stop()
  }
}

async function startClient(scenario, name, endpoint) {
  const child = fork(program, [scenario, name, endpoint], { execArgv: ['--no-warnings'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} of ${scenario} ended with ${code}`)
  })
  ended.catch(() => {})
  const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0]
  await answer()
  const run = (roundMs) => {
    child.send(roundMs)
    return answer()
  }
  return { name, costs: [], run, stop: () => child.disconnect() }
}

/** How many times as fast ours is as each of the others; by CPU time alone where the scenario says so. */
function summarise({ what, by = 'wall', bounds = {} }, costs) {
  const cost = (name, kind) => median(costs.get(name).map((one) => one[kind]))
  const ratio = (name, kind) => cost(name, kind) / cost('ours', kind)
  const names = [...costs.keys()]
  const measuresCpu = costs.get('ours')[0].cpu !== undefined
  const ratios = names
    .filter((name) => name !== 'ours')
    .map((name) => ({
      what: `${what}, against ${name}`,
      ratio: ratio(name, by),
      ...(measuresCpu && by === 'wall' && { cpu: ratio(name, 'cpu') }),
      ...bounds[name],
    }))
  const listed = names.map((name) =>
    [name, format(cost(name, 'wall')), ...(measuresCpu ? [`(${format(cost(name, 'cpu'))})`] : [])].join(' '),
  )
  return { ratios, notes: [`${what}: ${listed.join(', ')}.`] }
}

export function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]
}

/** Milliseconds, or microseconds where they are few. */
function format(milliseconds) {
  return milliseconds < 2 ? `${(milliseconds * 1000).toFixed(0)} µs` : `${milliseconds.toFixed(0)} ms`
}
