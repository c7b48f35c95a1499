/**
 * What a process costs that reads one object of 1 KiB from S3: most of it is what has to be loaded. The time is that from its start until
 * the object is there, the CPU that of the whole process: Node 20 compiles undici's parser once more in the background, for 130 ms.
 */
import { fileURLToPath } from 'node:url'
import { median } from './compare.mjs'
import { runProcess } from './run-process.mjs'
import { startStub } from './stub.mjs'

const rounds = 15
const program = fileURLToPath(new URL('first-read-program.mjs', import.meta.url))

export const firstRead = {
  name: 'first-read',
  async measure() {
    const stub = await startStub()
    const costs = { ours: [], 'client-s3': [] }
    for (let round = 0; round < rounds; round += 1) {
      for (const [client, list] of Object.entries(costs)) {
        const { cpu, printed } = runProcess(program, client, stub.endpoint)
        list.push({ cpu, wall: Number(printed) })
      }
    }
    stub.stop()
    const cost = (client, kind) => median(costs[client].map((one) => one[kind]))
    const ratio = (kind) => cost('client-s3', kind) / cost('ours', kind)
    const list = Object.keys(costs).map(
      (name) => `${name} ${cost(name, 'wall').toFixed(0)} ms (${cost(name, 'cpu').toFixed(0)} ms)`,
    )
    return {
      ratios: [
        { what: 'first object of 1 KiB in a process, against client-s3', ratio: ratio('wall'), cpu: ratio('cpu') },
      ],
      notes: [`first object of 1 KiB in a process: ${list.join(', ')}.`],
    }
  },
}
