/**
 * What a flood of logs costs: the largest resident memory of a run whose step logs 1,000,000 lines in one loop, above that of the
 * same run without a line, against 64 MiB.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lines = 1_000_000
const rounds = 3
const boundMiB = 64

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const directory = await mkdtemp(join(tmpdir(), 'stack-log-flood-'))

const pipelineFile = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

const flood = step({
  name: 'flood',
  input: z.object({ lines: z.number() }),
  run: ({ lines }, { log }) => {
    for (let line = 0; line < lines; line += 1) log.info(\`line \${line} of a flood of lines\`)
  },
})

export const floods = pipeline({ name: 'floods', params: z.object({ lines: z.number() }), run: (given) => void flood(given) })
`

/** What getrusage says counts the process that started this one; Linux knows it of this program alone. */
const peakMemory = `import { appendFileSync, existsSync, readFileSync } from 'node:fs'
process.on('exit', () => {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const kibibytes = Number(/VmHWM:\\s+(\\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS)
  const program = process.argv[1].endsWith('stack-step.js') ? 'step' : 'run'
  appendFileSync(process.env.PEAK_MEMORY_FILE, JSON.stringify([program, kibibytes / 1024]) + '\\n')
})
`

await mkdir(join(directory, 'pipelines'))
await mkdir(join(directory, 'node_modules/@stack'), { recursive: true })
await writeFile(join(directory, 'package.json'), '{ "name": "flood", "type": "module" }')
await writeFile(join(directory, 'pipelines/flood.ts'), pipelineFile)
await writeFile(join(directory, 'peak-memory.mjs'), peakMemory)
for (const name of ['core', 'pipelines'])
  await symlink(join(packages, name), join(directory, 'node_modules/@stack', name))

/** The largest resident memory, in MiB, of the process of the run and of the step's own. */
async function peaks(isolation, count) {
  const file = join(directory, 'peaks')
  await rm(file, { force: true })
  await rm(join(directory, '.stack'), { recursive: true, force: true })
  const program = join(packages, 'cli/dist/stack.cjs')
  const argv = ['run', 'pipelines/flood.ts', `--lines=${count}`, `--settings.orchestrator.isolation=${isolation}`]
  const child = spawn(process.execPath, [program, ...argv, '--quiet'], {
    cwd: directory,
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${join(directory, 'peak-memory.mjs')}`,
      PEAK_MEMORY_FILE: file,
      STACK_PROJECT: directory,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  if (exitCode !== 0) throw new Error(`the run exited with ${exitCode}`)
  return Object.fromEntries((await readFile(file, 'utf8')).trimEnd().split('\n').map(JSON.parse))
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** What a flood took above the same run without it, in MiB; that of every process together. */
async function growth(isolation) {
  const values = []
  for (let round = 0; round < rounds; round += 1) {
    const idle = await peaks(isolation, 0)
    const flood = await peaks(isolation, lines)
    values.push(Object.keys(flood).reduce((sum, program) => sum + flood[program] - idle[program], 0))
  }
  return median(values)
}

const inline = await growth('none')
const apart = await growth('process')
await rm(directory, { recursive: true, force: true })

console.log(
  JSON.stringify({
    title: 'Floods of logs',
    ratios: [
      {
        what: 'memory of a run above idle, 1,000,000 lines of a step in its process / 64 MiB',
        ratio: inline / boundMiB,
        atMost: 1,
      },
      {
        what: 'memory of the run and of the step’s process above idle, 1,000,000 lines with `isolation: process` / 64 MiB each',
        ratio: apart / (2 * boundMiB),
        atMost: 1,
      },
    ],
    notes: [
      `In the process of the run the lines take ${inline.toFixed(0)} MiB at most, in two processes ${apart.toFixed(0)} MiB together; what V8 takes for any loop that makes garbage is in it.`,
    ],
  }),
)
