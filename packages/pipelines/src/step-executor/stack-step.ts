#!/usr/bin/env node
/**
 * The program `stack-step`: executes the one attempt that stands, as JSON, on stdin, and ends with
 * 0 committed, by this attempt or another that was first; 7 the step failed, `error.json` says why; 130 cancelled;
 * or with the exit code of the error that kept it from starting (2 a bad request, 3 not found, 8 infrastructure…).
 */
import { text } from 'node:stream/consumers'
import { errorExitCodes, type RunEvent, StackError, type StepOutcome, toStackError } from '@stack/core'
import { executeRequest } from './execute-request.js'
import { watchParent } from './parent-watch.js'
import { parseStepRequest } from './step-request.js'

const abort = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => abort.abort(new StackError('interrupted', `The step was told to end (${signal}).`)))
}
watchParent()

// Lines that are on their way to the process that launched this one, where it listens.
let sent = Promise.resolve()

function send(event: RunEvent): void {
  if (!process.connected) return
  const delivered = new Promise<void>((resolve) => process.send?.(event, undefined, {}, () => resolve()))
  sent = sent.then(() => delivered)
}

function exitCode(outcome: StepOutcome): number {
  if (outcome.status === 'completed') return 0
  return outcome.status === 'cancelled' ? errorExitCodes.interrupted : errorExitCodes['step-failed']
}

async function main(): Promise<number> {
  try {
    return exitCode(await executeRequest(parseStepRequest(await text(process.stdin)), { signal: abort.signal, send }))
  } catch (thrown) {
    if (abort.signal.aborted) return errorExitCodes.interrupted
    const error = toStackError(thrown)
    process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`)
    return errorExitCodes[error.code]
  }
}

const code = await main()
await sent
// A step may have left timers or sockets behind: its end is the process's.
process.exit(code)
