/** What a process costs that makes a component and calls nothing, against `node -e 0`: user and system time of the whole. */
import { fileURLToPath } from 'node:url'
import { median } from './compare.mjs'
import { runProcess } from './run-process.mjs'

const rounds = 25

const programs = {
  s3: new URL('idle-s3.mjs', import.meta.url),
  gcs: new URL('idle-gcs.mjs', import.meta.url),
}

export const idleComponents = Object.entries(programs).map(([flavor, url]) => ({
  name: `idle-${flavor}`,
  async measure() {
    const costs = { ours: [], node: [] }
    const program = fileURLToPath(url)
    for (let round = 0; round < rounds; round += 1) {
      costs.ours.push(runProcess(program).cpu)
      costs.node.push(runProcess('-e', '0').cpu)
    }
    const what = `process that makes an artifact store on ${flavor} and calls nothing / node -e 0, CPU`
    return { ratios: [{ what, ratio: median(costs.ours) / median(costs.node), atMost: 2 }], notes: [] }
  },
}))
