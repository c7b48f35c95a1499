/** One client of one scenario, in a process of its own: runs a round whenever it is asked to, and tells what it cost. */
import { scenarios } from './scenarios.mjs'

const [name, client, endpoint] = process.argv.slice(2)
const scenario = scenarios.find((one) => one.name === name)
const operation = await scenario.clients[client]({ endpoint })

/** Runs for a time, at least one operation; gives what one cost in milliseconds. */
async function round(durationMs, concurrency = 1) {
  let count = 0
  const before = process.cpuUsage()
  const started = performance.now()
  const work = async () => {
    do {
      await operation()
      count += 1
    } while (performance.now() - started < durationMs)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const wall = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  return { wall: wall / count, cpu: (user + system) / 1000 / count, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

process.on('message', async (durationMs) => process.send(await round(durationMs, scenario.concurrency)))
process.on('disconnect', () => process.exit())
process.send('ready')
