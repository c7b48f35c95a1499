/** The progress of a run on stderr: a live line for each step on a terminal, a plain line for each event elsewhere. */
import type { RunEvent } from '@stack/core'
import { sanitizeLine } from '@stack/core/host'
import type { CommandContext } from '../program/command-context.js'
import { formatDuration } from './format-duration.js'
import { ignoreClosedPipe, type Terminal } from './terminal.js'

/** Takes notice of events until it is stopped. */
export interface Progress {
  show(event: RunEvent): void
  stop(): void
}

interface StepLine {
  state: 'running' | 'completed' | 'failed' | 'skipped' | 'cancelled'
  readonly startedAt: number
  endedAt?: number
  detail: string
  /** How many lines of its log were dropped. */
  dropped?: number
}

const marks = { running: '●', completed: '✓', failed: '✗', skipped: '-', cancelled: '-' } as const
const colors = { running: 'cyan', completed: 'green', failed: 'red', skipped: 'dim', cancelled: 'yellow' } as const

/** The progress that fits stderr; none with `--quiet`. */
export async function makeProgress({ terminal, flags }: CommandContext): Promise<Progress> {
  if (flags.quiet) return { show() {}, stop() {} }
  ignoreClosedPipe(process.stderr)
  if (!terminal.stderrIsTerminal) return plainProgress(terminal)
  const { createLogUpdate } = await import('log-update')
  return liveProgress(terminal, createLogUpdate(process.stderr))
}

function plainProgress(terminal: Terminal): Progress {
  const steps = new Map<string, StepLine>()
  return {
    show(event) {
      const changed = follow(steps, event)
      const step = changed === undefined ? undefined : steps.get(changed)
      if (changed !== undefined && step !== undefined) process.stderr.write(`${lineOf(changed, step, terminal)}\n`)
    },
    stop() {},
  }
}

function liveProgress(terminal: Terminal, update: { (...text: string[]): void; done(): void }): Progress {
  const steps = new Map<string, StepLine>()
  const draw = () => update([...steps].map(([name, step]) => lineOf(name, step, terminal)).join('\n'))
  const timer = setInterval(draw, 100)
  let stopped = false
  return {
    show(event) {
      if (follow(steps, event) !== undefined) draw()
    },
    stop() {
      if (stopped) return
      stopped = true
      clearInterval(timer)
      draw()
      update.done()
    },
  }
}

/** Follows one event and gives the invocation that changed. */
function follow(steps: Map<string, StepLine>, event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'attempt-started':
      steps.set(event.ref.invocation, { state: 'running', startedAt: Date.parse(event.at), detail: '' })
      return event.ref.invocation
    case 'attempt-ended': {
      const startedAt = steps.get(event.ref.invocation)?.startedAt ?? Date.parse(event.at)
      const { outcome } = event
      const outputs = outcome.status === 'completed' ? Object.values(outcome.commit.outputs).map(({ uri }) => uri) : []
      const detail = outcome.status === 'failed' ? outcome.error.message : outputs.join(' ')
      const dropped = steps.get(event.ref.invocation)?.dropped ?? 0
      const endedAt = Date.parse(event.at)
      steps.set(event.ref.invocation, { state: outcome.status, startedAt, endedAt, detail, dropped })
      return event.ref.invocation
    }
    case 'invocation-skipped':
      steps.set(event.invocation, { state: 'skipped', startedAt: 0, endedAt: 0, detail: `because ${event.because}` })
      return event.invocation
    case 'log': {
      // Lines are for `stack runs logs`; that some are missing there is for everybody to know.
      const dropped = event.level === 'warn' ? event.fields?.dropped : undefined
      const step = steps.get(event.ref.invocation)
      if (step !== undefined && typeof dropped === 'number') step.dropped = (step.dropped ?? 0) + dropped
      return undefined
    }
    default:
      return undefined
  }
}

function lineOf(name: string, step: StepLine, terminal: Terminal): string {
  const time = step.state === 'skipped' ? '' : ` ${formatDuration((step.endedAt ?? Date.now()) - step.startedAt)}`
  const detail = step.detail === '' ? '' : `  ${terminal.style(sanitizeLine(step.detail), 'dim')}`
  const dropped = step.dropped ? `  ${terminal.style(`${step.dropped} log lines dropped`, 'yellow')}` : ''
  const hasTime = step.state !== 'running' || terminal.stderrIsTerminal
  return `${terminal.style(marks[step.state], colors[step.state])} ${sanitizeLine(name)} ${step.state}${hasTime ? time : ''}${detail}${dropped}`
}
