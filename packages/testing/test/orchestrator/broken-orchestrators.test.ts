/** The kit passes a right orchestrator, and finds what is wrong with deliberately broken ones in the case that names it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  DrivenOrchestrator,
  type LaunchOptions,
  type OrchestratorHost,
  type RunEvent,
  type RunRequest,
  type StepOutcome,
  type StepRef,
  silentLog,
  type Ticket,
} from '@stack/core'
import { describe, expect, test } from 'vitest'
import {
  describeOrchestrator,
  type OrchestratorOptions,
  orchestratorCases,
  runOrchestratorCase,
} from '../../src/index.js'

/** Runs steps in this process. */
class InlineOrchestrator extends DrivenOrchestrator {
  readonly #options: OrchestratorOptions

  constructor(options: OrchestratorOptions) {
    super({ id: 'o', name: 'inline', config: {}, settings: {}, projectRoot: '/', log: silentLog })
    this.#options = options
  }

  protected override driveOptions(_request?: RunRequest) {
    return this.#options
  }

  protected override launchAttempt(ref: StepRef, host: OrchestratorHost, options: LaunchOptions): Promise<StepOutcome> {
    return host.executeStep(ref, options)
  }

  protected override async cancelAttempt() {}
}

describeOrchestrator({ name: 'inline', create: (options) => new InlineOrchestrator(options) })

class Disordered extends InlineOrchestrator {
  override submit(request: RunRequest, host: OrchestratorHost) {
    const plan = async () => {
      const { invocations, ...rest } = await host.plan()
      return { ...rest, invocations: invocations.map((invocation) => ({ ...invocation, after: [] })) }
    }
    return super.submit(request, { ...host, plan })
  }
}

class OneAtATime extends InlineOrchestrator {
  protected override driveOptions() {
    return { ...super.driveOptions(), concurrency: 1 }
  }
}

class Unbounded extends InlineOrchestrator {
  protected override driveOptions() {
    return { ...super.driveOptions(), concurrency: 100 }
  }
}

class LaunchesTwice extends InlineOrchestrator {
  protected override async launchAttempt(ref: StepRef, host: OrchestratorHost, options: LaunchOptions) {
    await super.launchAttempt(ref, host, options)
    return super.launchAttempt(ref, host, options)
  }
}

class BelievesAll extends InlineOrchestrator {
  protected override async launchAttempt(ref: StepRef, host: OrchestratorHost, options: LaunchOptions) {
    await super.launchAttempt(ref, host, options)
    const commit = { ...ref, startedAt: '', endedAt: '', inputs: {}, outputs: {}, metadata: {} }
    return { status: 'completed', commit } as const
  }
}

class ForgetsRuns extends InlineOrchestrator {
  #count = 0
  override submit(request: RunRequest, host: OrchestratorHost) {
    this.#count += 1
    return super.submit({ ...request, runId: `${request.runId}-${this.#count}` }, host)
  }
}

class SwallowsCancel extends InlineOrchestrator {
  override async cancel() {}
}

class TellsNobody extends InlineOrchestrator {
  protected override launchAttempt(ref: StepRef, host: OrchestratorHost) {
    return super.launchAttempt(ref, host, { signal: new AbortController().signal })
  }
}

class NeverForces extends InlineOrchestrator {
  override cancel(ticket: Ticket) {
    return super.cancel(ticket, { graceMs: 60_000 })
  }
}

class Hasty extends InlineOrchestrator {
  override submit(request: RunRequest, host: OrchestratorHost) {
    return super.submit(request, { ...host, report: async (event) => void host.report(event).catch(() => {}) })
  }
}

/** Runs each step in a process of its own and hands what that sends to the run's host. */
class BelievesMessages extends InlineOrchestrator {
  #host: OrchestratorHost | undefined

  override submit(request: RunRequest, host: OrchestratorHost) {
    this.#host = host
    return super.submit(request, host)
  }

  protected override async launchAttempt(ref: StepRef, host: OrchestratorHost) {
    const { argv, stdin } = host.command(ref)
    const [program = '', ...args] = argv
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] })
    child.stdin?.end(stdin)
    child.on('message', (message) => void this.#host?.report(message as unknown as RunEvent).catch(() => {}))
    await once(child, 'close')
    return host.outcome(ref)
  }
}

const broken: readonly [string, new (options: OrchestratorOptions) => InlineOrchestrator][] = [
  ['schedule.order', Disordered],
  ['schedule.parallel', OneAtATime],
  ['schedule.concurrency', Unbounded],
  ['schedule.once', LaunchesTwice],
  ['failure.dependents', BelievesAll],
  ['failure.error', BelievesAll],
  ['failure.lost', BelievesAll],
  ['failure.cancelled-elsewhere', BelievesAll],
  ['ticket.idempotent', ForgetsRuns],
  ['cancel.told', TellsNobody],
  ['cancel.forced', SwallowsCancel],
  ['cancel.shortened', NeverForces],
  ['report.forged', BelievesMessages],
  ['report.awaited', Hasty],
  ['report.failing', Hasty],
]

describe('deliberately broken orchestrators', () => {
  test.concurrent.each(broken)('fail %s', async (id, Broken) => {
    const found = orchestratorCases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`There is no case ${id}.`)
    const suite = { name: 'broken', create: (options: OrchestratorOptions) => new Broken(options) }
    await expect(runOrchestratorCase(suite, found)).rejects.toThrow()
  })
})

test('a skip of an unknown case is refused', () => {
  const create = (options: OrchestratorOptions) => new InlineOrchestrator(options)
  expect(() => describeOrchestrator({ name: 'x', create, skip: { 'no.such': 'because' } })).toThrow(
    '"no.such" is no case',
  )
  expect(() => describeOrchestrator({ name: 'x', create, skip: { 'cancel.told': '' } })).toThrow('without a reason')
})

test('every case has an id of its own', () => {
  expect(new Set(orchestratorCases.map(({ id }) => id)).size).toBe(orchestratorCases.length)
})
