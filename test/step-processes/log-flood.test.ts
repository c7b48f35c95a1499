/** However much a step logs, the run takes no more memory for it, and what is not kept is counted. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../clean-environment.js'
import { type LinkedProject, makeLinkedProject } from '../linked-project.js'
import { runProgram } from '../run-program.js'

const pipelineFile = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

const params = z.object({ lines: z.number(), length: z.number().default(40) })

const flood = step({
  name: 'flood',
  input: params,
  run: ({ lines, length }, { log }) => {
    const text = 'x'.repeat(length)
    for (let line = 0; line < lines; line += 1) log.info(\`line \${line} \${text}\`)
    return lines
  },
})

const talk = step({
  name: 'talk',
  input: params,
  run: async ({ lines, length }) => {
    const text = 'x'.repeat(length)
    process.stderr.write(text)
    for (let line = 0; line < lines; line += 1)
      await new Promise<void>((resolve) => process.send!({ line, text: text.slice(0, 1000) }, undefined, {}, () => resolve()))
    process.send!({ kind: 'log', text })
    await new Promise((resolve) => process.send!(null, undefined, {}, resolve))
  },
})

export const noise = pipeline({ name: 'noise', params, run: (given) => void talk(given) })
export const one = pipeline({ name: 'one', params, run: (given) => void flood(given) })
export const four = pipeline({
  name: 'four',
  params,
  run: (given) => {
    for (let step = 0; step < 4; step += 1) flood(given)
  },
})
`

/**
 * Appends the largest resident memory of each process to a file. On Linux it is that of the process since its program was
 * loaded; what getrusage says there counts the process that started it too.
 */
const peakMemory = `import { appendFileSync, existsSync, readFileSync } from 'node:fs'
process.on('exit', () => {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const kibibytes = Number(/VmHWM:\\s+(\\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS)
  const program = process.argv[1].endsWith('stack-step.js') ? 'step' : 'run'
  appendFileSync(process.env.PEAK_MEMORY_FILE, JSON.stringify([program, kibibytes / 1024]) + '\\n')
})
`

/** What a flood may take above the same run without it, in MiB; what differs from one run to the next comes on top. */
const bound = 64
const variation = 16

type Isolation = 'none' | 'process'

describe('a flood of logs', () => {
  let project: LinkedProject
  let directory: string
  const idle = new Map<Isolation, Record<string, number>>()

  beforeAll(async () => {
    project = await makeLinkedProject({ 'pipelines/flood.ts': pipelineFile, 'peak-memory.mjs': peakMemory })
    directory = await mkdtemp(join(tmpdir(), 'stack-flood-'))
    for (const isolation of ['none', 'process'] as const) {
      idle.set(isolation, (await run('one', isolation, { lines: 0 })).peaks)
    }
  })

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true })
    await project[Symbol.asyncDispose]()
  })

  /** Runs a flood; what each program took at most, in MiB, and the lines of each step's log in order. */
  async function run(name: string, isolation: Isolation, params: { readonly lines: number; readonly length?: number }) {
    const file = join(await mkdtemp(join(directory, 'run-')), 'peaks')
    const flags = Object.entries(params).map(([param, value]) => `--${param}=${value}`)
    const argv = ['run', `pipelines/flood.ts#${name}`, `--settings.orchestrator.isolation=${isolation}`, ...flags]
    const { exitCode, stdout, stderr } = await runProgram(
      join(project.directory, 'node_modules/.bin/stack'),
      [...argv, '--json'],
      {
        cwd: project.directory,
        env: {
          ...cleanEnvironment(),
          NODE_OPTIONS: `--import=${join(project.directory, 'peak-memory.mjs')}`,
          PEAK_MEMORY_FILE: file,
        },
      },
    )
    expect(exitCode, stdout + stderr).toBe(0)
    const peaks: Record<string, number> = {}
    for (const line of (await readFile(file, 'utf8')).trimEnd().split('\n')) {
      const [program, peak] = JSON.parse(line) as [string, number]
      peaks[program] = Math.max(peaks[program] ?? 0, peak)
    }
    return { peaks, stderr, id: JSON.parse(stdout).data.id as string }
  }

  function expectBounded(isolation: Isolation, peaks: Readonly<Record<string, number>>): void {
    expect(Object.keys(peaks).sort()).toEqual(isolation === 'none' ? ['run'] : ['run', 'step'])
    for (const [program, peak] of Object.entries(peaks))
      expect(peak - (idle.get(isolation)?.[program] ?? 0), program).toBeLessThan(bound + variation)
  }

  /** The messages of a step's log that are its own, and how many were dropped. */
  async function read(id: string, step = 'flood'): Promise<{ numbers: number[]; dropped: number }> {
    const log = join(project.directory, '.stack/artifacts/runs', id, step, '1/log')
    const numbers: number[] = []
    let dropped = 0
    for (const part of (await readdir(log)).sort()) {
      for (const line of (await readFile(join(log, part), 'utf8')).trimEnd().split('\n')) {
        const { level, message, fields } = JSON.parse(line)
        if (level === 'warn') dropped += fields.dropped
        else numbers.push(Number(/^line (\d+) /.exec(message)?.[1]))
      }
    }
    return { numbers, dropped }
  }

  const increasing = (numbers: readonly number[]) =>
    numbers.every((n, index) => index === 0 || n > Number(numbers[index - 1]))

  it('in the process of the run is dropped beyond a bound, and the count is told', { timeout: 240_000 }, async () => {
    const { peaks, stderr, id } = await run('one', 'none', { lines: 1_000_000 })
    const { numbers, dropped } = await read(id)
    expect(numbers.length).toBeGreaterThan(10_000)
    expect(dropped).toBeGreaterThan(0)
    expect(numbers.length + dropped).toBe(1_000_000)
    expect(increasing(numbers)).toBe(true)
    expect(stderr).toContain(`${dropped} log lines dropped`)
    expectBounded('none', peaks)
  })

  it('of a step in a process of its own is kept whole', { timeout: 480_000 }, async () => {
    const { peaks, stderr, id } = await run('one', 'process', { lines: 1_000_000 })
    const { numbers, dropped } = await read(id)
    expect([numbers.length, dropped, increasing(numbers)]).toEqual([1_000_000, 0, true])
    expect(stderr).not.toContain('dropped')
    expectBounded('process', peaks)
  })

  it.each(['none', 'process'] as const)(
    'of lines of 10 MB each stays within the bound (%s)',
    { timeout: 240_000 },
    async (isolation) => {
      const { peaks, id } = await run('one', isolation, { lines: 300, length: 10_000_000 })
      const { numbers, dropped } = await read(id)
      expect(numbers.length + dropped).toBe(300)
      if (isolation === 'process') expect(dropped).toBe(0)
      expectBounded(isolation, peaks)
    },
  )

  it.each(['none', 'process'] as const)(
    'of four steps at once stays within the same bound (%s)',
    { timeout: 480_000 },
    async (isolation) => {
      const { peaks, id } = await run('four', isolation, { lines: 100_000 })
      for (const step of ['flood', 'flood_2', 'flood_3', 'flood_4']) {
        const { numbers, dropped } = await read(id, step)
        expect(numbers.length + dropped).toBe(100_000)
        if (isolation === 'process') expect(dropped).toBe(0)
      }
      expectBounded(isolation, peaks)
    },
  )

  it('of messages and of what a step prints takes nothing in the process of the run', {
    timeout: 240_000,
  }, async () => {
    const { peaks } = await run('noise', 'process', { lines: 100_000, length: 32 * 1024 * 1024 })
    expect(Number(peaks.run) - Number(idle.get('process')?.run)).toBeLessThan(bound + variation)
  })
})
