/** What a process costs that makes a component and calls nothing, against `node -e 0`: user and system time of the whole. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './compare.mjs'

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
      costs.ours.push(cpuOf(program))
      costs.node.push(cpuOf('-e', '0'))
    }
    const what = `process that makes an artifact store on ${flavor} and calls nothing / node -e 0, CPU`
    return { ratios: [{ what, ratio: median(costs.ours) / median(costs.node), atMost: 2 }], notes: [] }
  },
}))

/** Milliseconds of CPU of a process of Node, by bash's `time`. */
function cpuOf(...args) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null; exit "$?"'
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`)
  const [user, system] = stderr.trim().split(' ').map(Number)
  return (user + system) * 1000
}
