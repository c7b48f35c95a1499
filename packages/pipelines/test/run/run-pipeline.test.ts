import { isStackError, type RunEvent, StackComponent, type StepRunInfo, z } from '@stack/core'
import { afterEach, describe, expect, it } from 'vitest'
import { pipeline } from '../../src/definition/pipeline.js'
import { step } from '../../src/definition/step.js'
import { readStepLog } from '../../src/run/read-step-log.js'
import { type RunPipelineOptions, runPipeline } from '../../src/run/run-pipeline.js'
import { MemoryRecordStore } from '../support/memory-record-store.js'
import { makeTestStack, type TestStack, type TestStackOptions } from '../support/test-stack.js'

const stacks: TestStack[] = []

async function testStack(options?: TestStackOptions): Promise<TestStack> {
  const stack = await makeTestStack(options)
  stacks.push(stack)
  return stack
}

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.remove()
})

function run(stack: TestStack, options: Pick<RunPipelineOptions, 'pipeline'> & Partial<RunPipelineOptions>) {
  return runPipeline({
    params: {},
    stack: stack.definition,
    open: stack.open,
    projectRoot: stack.directory,
    ...options,
  })
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const count = step({ name: 'count', output: z.number(), run: () => 1 })
const add = step({
  name: 'add',
  input: z.object({ a: z.number(), b: z.number() }),
  output: z.number(),
  run: ({ a, b }) => a + b,
})

describe('runPipeline', () => {
  it('runs steps in dependency order and keeps every output as a commit in the store', async () => {
    const stack = await testStack()
    const records = new MemoryRecordStore()
    const sums = pipeline({
      name: 'sums',
      run: () => {
        const one = count()
        return add({ a: one, b: add({ a: one, b: 41 }) })
      },
    })
    const result = await run(stack, { pipeline: sums, records, runId: 'r1' })
    expect(result).toMatchObject({ id: 'r1', pipeline: 'sums', stack: 'test', status: 'completed', metadata: {} })
    expect(
      result.steps.map(({ name, status, attempt, cached, outputs }) => [name, status, attempt, cached, outputs]),
    ).toEqual([
      ['count', 'completed', 1, false, { output: 'r1.count.output' }],
      ['add', 'completed', 1, false, { output: 'r1.add.output' }],
      ['add_2', 'completed', 1, false, { output: 'r1.add_2.output' }],
    ])
    expect(result.durationMs).toBeGreaterThanOrEqual(0)
    expect(await stack.files()).toEqual([
      'runs/r1/add/commit.json',
      'runs/r1/add_2/commit.json',
      'runs/r1/count/commit.json',
      'runs/r1/plan.json',
      'runs/r1/stack.json',
    ])
    const commit = JSON.parse(await stack.text('runs/r1/add_2/commit.json'))
    expect(commit).toMatchObject({ protocol: 1, run: 'r1', invocation: 'add_2', attempt: 1 })
    expect(commit.outputs.output).toMatchObject({ uri: 'runs/r1/add_2/commit.json#/outputs/output', value: 43 })
    expect(commit.outputs.output.contentHash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(Object.keys(commit.inputs).sort()).toEqual(['add.output', 'count.output'])
    expect((await records.getRun('r1'))?.status).toBe('completed')
    const artifact = await records.getArtifact('r1.add_2.output')
    expect(artifact).toMatchObject({
      name: 'sums/add_2/output',
      version: 1,
      contentHash: commit.outputs.output.contentHash,
    })
    const steps = await records.listStepRuns('r1')
    expect(steps.find(({ invocation }) => invocation === 'add_2')?.inputs).toEqual(
      expect.arrayContaining(['r1.count.output', 'r1.add.output']),
    )
  })

  it('counts versions of an artifact over runs', async () => {
    const stack = await testStack()
    const records = new MemoryRecordStore()
    const one = pipeline({ name: 'one', run: () => count() })
    await run(stack, { pipeline: one, records, runId: 'r1' })
    await run(stack, { pipeline: one, records, runId: 'r2' })
    expect((await records.getArtifact('r2.count.output'))?.version).toBe(2)
  })

  it('runs what does not wait in parallel, up to the concurrency', async () => {
    let now = 0
    let most = 0
    const work = step({
      name: 'work',
      run: async () => {
        now += 1
        most = Math.max(most, now)
        await sleep(20)
        now -= 1
        return null
      },
    })
    const wide = pipeline({ name: 'wide', run: () => void Array.from({ length: 7 }, () => work()) })
    const stack = await testStack({ orchestrator: { concurrency: 3 } })
    expect((await run(stack, { pipeline: wide })).status).toBe('completed')
    expect(most).toBe(3)
  })

  it('gives each step a value of its own: what one does to its input no other sees', async () => {
    const make = step({ name: 'make', run: () => ({ list: [1] }) })
    const spoil = step({
      name: 'spoil',
      input: z.object({ value: z.custom<{ list: number[] }>() }),
      run: ({ value }) => value.list.push(2),
    })
    const twice = pipeline({
      name: 'twice',
      run: () => {
        const value = make()
        spoil({ value }, { after: spoil({ value }) })
      },
    })
    const stack = await testStack()
    await run(stack, { pipeline: twice, runId: 'r1' })
    for (const name of ['spoil', 'spoil_2']) {
      expect(JSON.parse(await stack.text(`runs/r1/${name}/commit.json`)).outputs.output.value).toBe(2)
    }
  })

  it('goes on with independent branches when a step fails, skips its dependents, and says which, why and where', async () => {
    const broken = step({
      name: 'broken',
      run: (): number => {
        throw new RangeError('too hot')
      },
    })
    const mixed = pipeline({
      name: 'mixed',
      run: () => {
        add({ a: broken() as never, b: 1 })
        add({ a: count(), b: 1 })
      },
    })
    const stack = await testStack()
    const records = new MemoryRecordStore()
    const result = await run(stack, { pipeline: mixed, records, runId: 'r1', projectRoot: process.cwd() })
    expect(result.status).toBe('failed')
    expect(result.steps.map(({ name, status }) => [name, status])).toEqual([
      ['broken', 'failed'],
      ['add', 'skipped'],
      ['count', 'completed'],
      ['add_2', 'completed'],
    ])
    const { error } = result
    expect(error?.code).toBe('step-failed')
    expect(error?.message).toContain('The step "broken" failed: too hot')
    expect(error?.details?.location).toMatchObject({ file: expect.stringContaining('run-pipeline.test.ts') })
    expect(result.steps[1]?.error?.message).toBe('Skipped, because "broken" gave no outputs.')
    expect((await records.getRun('r1'))?.error?.code).toBe('step-failed')
    expect(JSON.parse(await stack.text('runs/r1/broken/1/error.json'))).toMatchObject({ code: 'step-failed' })
    expect(await stack.files()).not.toContain('runs/r1/broken/commit.json')
    expect(await records.getArtifact('r1.count.output')).not.toBeNull()
  })

  it('refuses an output of the wrong type before the commit, and names the path', async () => {
    const wrong = step({
      name: 'wrong',
      output: z.object({ weights: z.array(z.number()) }),
      run: () => ({ weights: [1, 'two'] }) as never,
    })
    const stack = await testStack()
    const result = await run(stack, { pipeline: pipeline({ name: 'p', run: () => wrong() }), runId: 'r1' })
    const error = result.steps[0]?.error
    expect(error?.code).toBe('invalid-output')
    expect(error?.problems?.[0]?.path).toContain('weights[1]')
    expect((await stack.files()).filter((file) => file.includes('wrong'))).toEqual(['runs/r1/wrong/1/error.json'])
  })

  it('ends with what the listener threw, or rejected with, at a line of a log', async () => {
    const talks = step({ name: 'talks', run: (_input, { log }) => log.info('halfway') })
    const reason = new Error('nobody listens')
    for (const onEvent of [
      ({ kind }: RunEvent) => {
        if (kind === 'log') throw reason
      },
      async ({ kind }: RunEvent) => {
        if (kind === 'log') throw reason
      },
    ]) {
      const records = new MemoryRecordStore()
      const options = { pipeline: pipeline({ name: 'p', run: () => talks() }), records, runId: 'r1', onEvent }
      await expect(run(await testStack(), options)).rejects.toBe(reason)
      expect(await records.getRun('r1')).toMatchObject({ status: 'failed', error: { message: 'nobody listens' } })
    }
  })

  it('keeps metadata and logs of a step, and writes no attempt directory where there is nothing to keep', async () => {
    const talks = step({
      name: 'talks',
      run: (_input, context) => {
        context.log.info('halfway', { done: 0.5 })
        context.logMetadata({ rows: 3 })
        context.logMetadata({ columns: 2 })
        return 1
      },
    })
    const stack = await testStack()
    const records = new MemoryRecordStore()
    const events: RunEvent[] = []
    await run(stack, {
      pipeline: pipeline({ name: 'p', run: () => talks() }),
      records,
      runId: 'r1',
      onEvent: (event) => events.push(event),
    })
    expect((await records.listStepRuns('r1'))[0]?.metadata).toEqual({ rows: 3, columns: 2 })
    const opened = await stack.open()
    const lines = []
    for await (const line of readStepLog(opened.artifactStore, { run: 'r1', invocation: 'talks', attempt: 1 }))
      lines.push(line)
    expect(lines).toMatchObject([{ level: 'info', message: 'halfway', fields: { done: 0.5 } }])
    expect(events.find(({ kind }) => kind === 'log')).toMatchObject({
      message: 'halfway',
      ref: { invocation: 'talks' },
    })
  })

  it('fails a step whose metadata JSON cannot say', async () => {
    const odd = step({ name: 'odd', run: (_input, context) => context.logMetadata({ at: new Date() as never }) })
    const stack = await testStack()
    const result = await run(stack, { pipeline: pipeline({ name: 'p', run: () => odd() }) })
    expect(result.steps[0]?.error?.code).toBe('invalid-input')
  })

  it('gives a step the store, its names and its attempt', async () => {
    const writes = step({
      name: 'writes',
      run: async (_input, context) => {
        await context.artifactStore.write('notes/a.txt', 'hello')
        return [context.run, context.pipeline, context.invocation, context.step, context.attempt]
      },
    })
    const stack = await testStack()
    await run(stack, { pipeline: pipeline({ name: 'p', run: () => writes({}, { name: 'first' }) }), runId: 'r1' })
    expect(await stack.text('notes/a.txt')).toBe('hello')
    const commit = JSON.parse(await stack.text('runs/r1/first/commit.json'))
    expect(commit.outputs.output.value).toEqual(['r1', 'p', 'first', 'writes', 1])
  })

  it('refuses a run id that is taken', async () => {
    const stack = await testStack()
    const one = pipeline({ name: 'one', run: () => count() })
    await run(stack, { pipeline: one, runId: 'r1' })
    await expect(run(stack, { pipeline: one, runId: 'r1' })).rejects.toSatisfy((error) =>
      isStackError(error, 'already-exists'),
    )
    await expect(run(stack, { pipeline: one, runId: '../x' })).rejects.toSatisfy((error) =>
      isStackError(error, 'invalid-name'),
    )
  })

  it('fails each step, with a hint, where processes are asked for and the pipeline has no place to be found at', async () => {
    const stack = await testStack({ orchestrator: { isolation: 'process' } })
    const result = await run(stack, { pipeline: pipeline({ name: 'one', run: () => count() }) })
    expect(result.steps[0]?.error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('isolation') })
  })
})

describe('hooks of components', () => {
  class Watcher extends StackComponent {
    static readonly calls: string[] = []
    static failing: ReadonlySet<string> = new Set()

    #call(hook: string): void {
      Watcher.calls.push(hook)
      if (Watcher.failing.has(hook)) throw new Error(`${hook} is broken`)
    }

    override prepareStepRun(_step: StepRunInfo) {
      this.#call('prepare')
    }

    override cleanupStepRun(_step: StepRunInfo, outcome: { readonly failed: boolean }) {
      this.#call(outcome.failed ? 'cleanup failed' : 'cleanup')
    }

    override stepRunMetadata() {
      this.#call('step metadata')
      return { step: 1 }
    }

    override pipelineRunMetadata() {
      this.#call('run metadata')
      return { run: 1 }
    }
  }

  async function watched(failing: readonly string[]) {
    Watcher.calls.length = 0
    Watcher.failing = new Set(failing)
    const stack = await testStack({
      extra: [{ type: 'experiment-tracker', name: 'watcher', make: (context) => new Watcher(context) }],
    })
    const records = new MemoryRecordStore()
    const result = await run(stack, { pipeline: pipeline({ name: 'p', run: () => count() }), records, runId: 'r1' })
    return { stack, result, step: (await records.listStepRuns('r1'))[0], calls: [...Watcher.calls] }
  }

  it('are called around each step and at the end of the run, and their facts are kept', async () => {
    const { result, step: recorded, calls } = await watched([])
    expect(calls).toEqual(['prepare', 'step metadata', 'cleanup', 'run metadata'])
    expect(recorded?.metadata).toEqual({ 'experiment-tracker:watcher': { step: 1 } })
    expect(result.metadata).toEqual({ 'experiment-tracker:watcher': { run: 1 } })
  })

  it('fail the step where prepareStepRun fails', async () => {
    const { result, calls } = await watched(['prepare'])
    expect(result.status).toBe('failed')
    expect(result.steps[0]?.error?.message).toContain('prepare is broken')
    expect(calls).toEqual(['prepare', 'cleanup failed', 'run metadata'])
  })

  it('change nothing but the log where another fails', async () => {
    const { stack, result } = await watched(['cleanup', 'step metadata', 'run metadata'])
    expect(result.status).toBe('completed')
    expect(result.metadata).toEqual({})
    const log = await stack.text('runs/r1/count/1/log/000001.ndjson')
    expect(log).toContain('cleanupStepRun of experiment-tracker \\"watcher\\" failed: cleanup is broken')
    expect(log).toContain('stepRunMetadata')
  })
})

describe('secrets', () => {
  it('stand nowhere: not in logs, errors, metadata, records or events', async () => {
    const leaks = step({
      name: 'leaks',
      run: (_input, context) => {
        context.log.info('with hunter2', { password: 'hunter2' })
        context.logMetadata({ password: 'hunter2' })
        return 1
      },
    })
    const throws = step({
      name: 'throws',
      run: (): number => {
        throw new Error('wrong password hunter2')
      },
    })
    const stack = await testStack({ secrets: ['hunter2'] })
    const records = new MemoryRecordStore()
    const events: RunEvent[] = []
    const result = await run(stack, {
      pipeline: pipeline({ name: 'p', run: () => [leaks(), throws()] }),
      records,
      runId: 'r1',
      onEvent: (event) => events.push(event),
    })
    const stored = await Promise.all((await stack.files()).map((file) => stack.text(file)))
    const all = JSON.stringify([result, events, stored, await records.listStepRuns('r1'), await records.getRun('r1')])
    expect(all).toContain('[secret]')
    expect(all).not.toContain('hunter2')
  })

  it('are refused as a parameter, because a plan is kept in plain text', async () => {
    const stack = await testStack({ secrets: ['hunter2'] })
    const takes = pipeline({ name: 'p', params: z.object({ password: z.string() }), run: () => count() })
    await expect(run(stack, { pipeline: takes, params: { password: 'hunter2' } })).rejects.toSatisfy((error) =>
      isStackError(error, 'secret-plain-text'),
    )
    expect(await stack.files()).toEqual([])
  })
})

describe('cancellation', () => {
  it('tells a running step, skips the others, and ends the run as cancelled', async () => {
    const abort = new AbortController()
    const waits = step({
      name: 'waits',
      run: (_input, { signal }) =>
        new Promise<number>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          setTimeout(() => abort.abort(), 20)
        }),
    })
    const stack = await testStack()
    const records = new MemoryRecordStore()
    const chain = pipeline({ name: 'p', run: () => add({ a: waits() as never, b: 1 }) })
    const result = await run(stack, { pipeline: chain, records, signal: abort.signal, runId: 'r1' })
    expect(result.status).toBe('cancelled')
    expect(result.steps.map(({ status }) => status)).toEqual(['cancelled', 'skipped'])
    expect((await records.getRun('r1'))?.status).toBe('cancelled')
    expect(await stack.files()).toEqual(['runs/r1/cancel', 'runs/r1/plan.json', 'runs/r1/stack.json'])
  })

  it('abandons, after the grace, a step that never ends', async () => {
    const abort = new AbortController()
    const never = step({
      name: 'never',
      run: () => {
        setTimeout(() => abort.abort(), 10)
        return new Promise<number>(() => {})
      },
    })
    const stack = await testStack({ orchestrator: { graceSeconds: 0.05 } })
    const result = await run(stack, { pipeline: pipeline({ name: 'p', run: () => never() }), signal: abort.signal })
    expect([result.status, result.steps[0]?.status]).toEqual(['cancelled', 'cancelled'])
  })

  it('cuts the grace short when told a second time', async () => {
    const abort = new AbortController()
    const kill = new AbortController()
    const never = step({
      name: 'never',
      run: () => {
        setTimeout(() => abort.abort(), 10)
        setTimeout(() => kill.abort(), 30)
        return new Promise<number>(() => {})
      },
    })
    const stack = await testStack({ orchestrator: { graceSeconds: 60 } })
    const options = { signal: abort.signal, killSignal: kill.signal }
    const result = await run(stack, { pipeline: pipeline({ name: 'p', run: () => never() }), ...options })
    expect(result.status).toBe('cancelled')
  })

  it('commits nothing of an abandoned step that ends later', async () => {
    const abort = new AbortController()
    let end: (value: number) => void = () => {}
    const late = step({
      name: 'late',
      run: () => {
        setTimeout(() => abort.abort(), 10)
        return new Promise<number>((resolve) => {
          end = resolve
        })
      },
    })
    const stack = await testStack({ orchestrator: { graceSeconds: 0.02 } })
    await run(stack, { pipeline: pipeline({ name: 'p', run: () => late() }), signal: abort.signal, runId: 'r1' })
    end(1)
    await sleep(50)
    expect(await stack.files()).not.toContain('runs/r1/late/commit.json')
  })

  it('starts nothing where the signal has aborted before', async () => {
    const stack = await testStack()
    const one = pipeline({ name: 'one', run: () => count() })
    const reason = new Error('before')
    await expect(run(stack, { pipeline: one, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await stack.files()).toEqual([])
  })
})
