/** The scheduling of a run as a pure function: `(state, event) → (state, commands)`. */
import { StackError } from '../errors/stack-error.js'
import type { RunStatus } from './orchestrator.js'
import { PersistentList } from './persistent-list.js'
import type { InvocationProgress, RunCommand, RunProgress, RunProgressEvent, RunTransition } from './run-progress.js'

/** A run before its first event, open until its plan is closed; `concurrency` is how many attempts may run at once. */
export function startRun(options: { readonly concurrency: number }): RunProgress {
  return {
    status: 'running',
    concurrency: options.concurrency,
    cancelling: false,
    invocations: PersistentList.of<InvocationProgress>([]),
    positions: new Map(),
    dependents: [],
    ready: PersistentList.of<number>([]),
    taken: 0,
    running: 0,
    unfinished: 0,
    open: 1,
  }
}

/**
 * Gives the state after an event and what is to be done about it, in order. An event that says nothing new (an attempt
 * that ended before, anything after the end) changes nothing.
 * @throws StackError `invalid-pipeline` where a plan grows by a name it has, or by one that waits for what is not there.
 */
export function reduceRun(state: RunProgress, event: RunProgressEvent): RunTransition {
  if (state.status !== 'running') return { state, commands: [] }
  switch (event.kind) {
    case 'plan-grown':
      return advance(growPlan(state, event.invocations))
    case 'plan-opened':
      return advance({ state: { ...state, open: state.open + 1 }, commands: [] })
    case 'plan-closed':
      return advance({ state: { ...state, open: Math.max(0, state.open - 1) }, commands: [] })
    case 'attempt-ended':
      return advance(endAttempt(state, event))
    case 'cancel-requested':
      return advance(requestCancel(state))
  }
}

function growPlan(
  state: RunProgress,
  added: Extract<RunProgressEvent, { kind: 'plan-grown' }>['invocations'],
): RunTransition {
  const positions = new Map(state.positions)
  for (const { name } of added) {
    if (positions.has(name)) throw new StackError('invalid-pipeline', `The plan has two invocations named "${name}".`)
    positions.set(name, positions.size)
  }
  const dependents = [...state.dependents.map((list) => [...list]), ...added.map((): number[] => [])]
  const items = [...state.invocations]
  let ready = state.ready
  let unfinished = state.unfinished
  const commands: RunCommand[] = []
  for (const [offset, { name, after }] of added.entries()) {
    const position = state.invocations.length + offset
    let waitingFor = 0
    let skippedBecause: string | undefined = state.cancelling ? cancelledReason : undefined
    for (const source of new Set(after)) {
      const before = positions.get(source)
      if (before === undefined || before >= position) {
        throw new StackError('invalid-pipeline', `"${name}" waits for "${source}", which does not come before it.`)
      }
      const status = (items[before] as InvocationProgress).status
      if (status === 'completed') continue
      if (status === 'pending' || status === 'running') {
        waitingFor += 1
        dependents[before]?.push(position)
      } else skippedBecause ??= source
    }
    const skipped = skippedBecause !== undefined
    items.push({ name, status: skipped ? 'skipped' : 'pending', attempt: 0, waitingFor })
    if (skipped) commands.push({ kind: 'skip', invocation: name, because: skippedBecause as string })
    else {
      unfinished += 1
      if (waitingFor === 0) ready = ready.push(position)
    }
  }
  const invocations = PersistentList.of(items)
  return { state: { ...state, invocations, positions, dependents, ready, unfinished }, commands }
}

function endAttempt(state: RunProgress, event: Extract<RunProgressEvent, { kind: 'attempt-ended' }>): RunTransition {
  const position = state.positions.get(event.invocation)
  if (position === undefined) return { state, commands: [] }
  const ended = state.invocations.at(position)
  if (ended.status !== 'running' || ended.attempt !== event.attempt) return { state, commands: [] }
  const next = {
    ...state,
    invocations: state.invocations.set(position, { ...ended, status: event.outcome }),
    running: state.running - 1,
    unfinished: state.unfinished - 1,
  }
  return event.outcome === 'completed' ? release(next, position) : skipDependents(next, position)
}

/** Lets those that waited for a completed invocation become ready. */
function release(state: RunProgress, position: number): RunTransition {
  let { invocations, ready } = state
  for (const dependent of state.dependents[position] ?? []) {
    const waiting = invocations.at(dependent)
    if (waiting.status !== 'pending') continue
    invocations = invocations.set(dependent, { ...waiting, waitingFor: waiting.waitingFor - 1 })
    if (waiting.waitingFor === 1) ready = ready.push(dependent)
  }
  return { state: { ...state, invocations, ready }, commands: [] }
}

/** Skips everything that waits, near or far, for an invocation that gave nothing. */
function skipDependents(state: RunProgress, position: number): RunTransition {
  let { invocations, unfinished } = state
  const commands: RunCommand[] = []
  const queue = [position]
  for (const source of queue) {
    const because = invocations.at(source).name
    for (const dependent of state.dependents[source] ?? []) {
      const waiting = invocations.at(dependent)
      if (waiting.status !== 'pending') continue
      invocations = invocations.set(dependent, { ...waiting, status: 'skipped' })
      unfinished -= 1
      commands.push({ kind: 'skip', invocation: waiting.name, because })
      queue.push(dependent)
    }
  }
  return { state: { ...state, invocations, unfinished }, commands }
}

/** Why an invocation is skipped whose run was cancelled before its turn. */
export const cancelledReason = 'the run was cancelled'

function requestCancel(state: RunProgress): RunTransition {
  if (state.cancelling) return { state, commands: [] }
  const commands: RunCommand[] = []
  const items: InvocationProgress[] = []
  let unfinished = state.unfinished
  for (const item of state.invocations) {
    if (item.status === 'running') {
      commands.push({ kind: 'cancel', invocation: item.name, attempt: item.attempt })
    }
    if (item.status !== 'pending') {
      items.push(item)
      continue
    }
    items.push({ ...item, status: 'skipped' })
    unfinished -= 1
    commands.push({ kind: 'skip', invocation: item.name, because: cancelledReason })
  }
  const invocations = PersistentList.of(items)
  return { state: { ...state, cancelling: true, open: 0, invocations, unfinished }, commands }
}

/** Launches what is ready as far as concurrency goes, and ends a run in which nothing is left. */
function advance(transition: RunTransition): RunTransition {
  let { invocations, taken, running } = transition.state
  const { state } = transition
  const commands = [...transition.commands]
  while (running < state.concurrency && taken < state.ready.length) {
    const position = state.ready.at(taken)
    taken += 1
    const next = invocations.at(position)
    if (next.status !== 'pending') continue
    const attempt = next.attempt + 1
    invocations = invocations.set(position, { ...next, status: 'running', attempt })
    running += 1
    commands.push({ kind: 'launch', invocation: next.name, attempt })
  }
  if (state.unfinished > 0 || state.open > 0) return { state: { ...state, invocations, taken, running }, commands }
  const status = endStatus(state)
  commands.push({ kind: 'end', status })
  return { state: { ...state, invocations, taken, running, status }, commands }
}

function endStatus(state: RunProgress): RunStatus {
  let allCompleted = true
  for (const { status } of state.invocations) allCompleted &&= status === 'completed'
  if (allCompleted) return 'completed'
  return state.cancelling ? 'cancelled' : 'failed'
}
