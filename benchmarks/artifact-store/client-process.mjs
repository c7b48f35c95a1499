/** One client of one scenario, in a process of its own: runs a round whenever it is asked to, and tells what it cost. */
import { scenarios } from './scenarios.mjs'

const [name, client, endpoint] = process.argv.slice(2)
const scenario = scenarios.find((one) => one.name === name)
const operation = await scenario.clients[client]({ endpoint })

/** Runs until so much CPU time is spent, at least one operation; gives what one cost in milliseconds. */
async function round(cpuMs, concurrency = 1) {
  let count = 0
  const before = process.cpuUsage()
  const started = performance.now()
  const spent = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const work = async () => {
    do {
      await operation()
      count += 1
    } while (spent() < cpuMs)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const wall = performance.now() - started
  return { wall: wall / count, cpu: spent() / count, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

process.on('message', async (cpuMs) => process.send(await round(cpuMs, scenario.concurrency)))
process.on('disconnect', () => process.exit())
process.send('ready')
