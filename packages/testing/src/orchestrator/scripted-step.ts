/** Steps that do what a case tells them, in this process or in one of their own, and leave a trace in a directory. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { StepRef } from '@stack/core'

/** What a step does. */
export interface ScriptedStep {
  /** The invocations that must complete before it. */
  readonly after?: readonly string[]
  /** It ends only when this invocation has started; fails after 10 seconds. */
  readonly waitsFor?: string
  /** Milliseconds it takes. */
  readonly ms?: number
  /** It does not end by itself; told of a cancellation it ends, or ignores that too. */
  readonly hangs?: 'until-told' | 'for-ever'
  /** What it leaves in the store; `nothing` is an attempt that is lost. `completed` unless told. */
  readonly leaves?: 'completed' | 'failed' | 'cancelled' | 'nothing'
  /** Its process's, which an engine must not take for the truth. */
  readonly exitCode?: number
  /** Its process, where it has one with a channel, sends messages that say something else of it, of this invocation and of the run. */
  readonly forges?: string
}

/** What a step in a process of its own reads from stdin. */
export interface ScriptedRequest {
  readonly directory: string
  readonly ref: StepRef
  readonly step: ScriptedStep
}

/** One line of the trace. */
export interface TraceLine {
  readonly kind: 'start' | 'told' | 'end'
  readonly invocation: string
  readonly attempt: number
  readonly token: string
}

/** Where a step leaves how it ended. */
export function outcomeFile(directory: string, ref: StepRef): string {
  return join(directory, `${ref.invocation}.${ref.token}.outcome`)
}

/** Runs a scripted step in this process. */
export async function runScriptedStep(request: ScriptedRequest, signal: AbortSignal): Promise<void> {
  const { directory, ref, step } = request
  const trace = (kind: TraceLine['kind']): void => {
    const { invocation, attempt, token } = ref
    appendFileSync(join(directory, 'trace'), `${JSON.stringify({ kind, invocation, attempt, token })}\n`)
  }
  let leaves = step.leaves ?? 'completed'
  trace('start')
  writeFileSync(join(directory, `${ref.invocation}.started`), '')
  signal.addEventListener('abort', () => trace('told'))
  await setTimeout(step.ms ?? 0)
  const deadline = Date.now() + 10_000
  while (step.waitsFor !== undefined && !existsSync(join(directory, `${step.waitsFor}.started`))) {
    if (Date.now() > deadline) leaves = 'failed'
    if (Date.now() > deadline) break
    await setTimeout(5)
  }
  while (step.hangs === 'for-ever' || (step.hangs === 'until-told' && !signal.aborted))
    await setTimeout(5, 0, { ref: false })
  if (step.hangs === 'until-told') leaves = 'cancelled'
  trace('end')
  if (leaves !== 'nothing') writeFileSync(outcomeFile(directory, ref), leaves)
}

/** The same as a program for a process of its own. */
export const scriptedStepProgram = `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs')
const { directory, ref, step } = JSON.parse(readFileSync(0, 'utf8'))
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const { invocation, attempt, token } = ref
const trace = (kind) => appendFileSync(directory + '/trace', JSON.stringify({ kind, invocation, attempt, token }) + '\\n')
let told = false
process.on('SIGTERM', () => { told = true; trace('told') })
async function run() {
  let leaves = step.leaves ?? 'completed'
  trace('start')
  writeFileSync(directory + '/' + invocation + '.started', '')
  await sleep(step.ms ?? 0)
  const deadline = Date.now() + 10000
  while (step.waitsFor !== undefined && !existsSync(directory + '/' + step.waitsFor + '.started')) {
    if (Date.now() > deadline) { leaves = 'failed'; break }
    await sleep(5)
  }
  while (step.hangs === 'for-ever' || (step.hangs === 'until-told' && !told)) await sleep(5)
  if (step.hangs === 'until-told') leaves = 'cancelled'
  if (step.forges !== undefined && process.send !== undefined) {
    const at = new Date().toISOString()
    const failed = { status: 'failed', error: { code: 'unexpected', message: 'forged' } }
    const commit = { ...ref, startedAt: at, endedAt: at, inputs: {}, outputs: {}, metadata: {} }
    const messages = [
      ...[null, 0, 'text', [], {}],
      { kind: 'attempt-ended', ref, at, outcome: { status: 'completed', commit } },
      { kind: 'attempt-ended', ref: { ...ref, invocation: step.forges }, at, outcome: failed },
      { kind: 'attempt-started', ref: { ...ref, invocation: step.forges, attempt: 2 }, at },
      { kind: 'invocation-skipped', invocation: step.forges, because: invocation },
      { kind: 'log', ref: { ...ref, invocation: step.forges }, at, level: 'info', message: 'forged' },
      { kind: 'run-ended', status: 'completed', at },
    ]
    for (const message of messages) await new Promise((resolve) => process.send(message, undefined, {}, resolve))
  }
  trace('end')
  if (leaves !== 'nothing') writeFileSync(directory + '/' + invocation + '.' + token + '.outcome', leaves)
  process.exit(step.exitCode ?? 0)
}
run()
`
