#!/usr/bin/env node
/**
 * The program `stack-step`: executes the one attempt that stands, as JSON, on stdin, and ends with
 * 0 committed, by this attempt or another that was first; 7 the step failed, `error.json` says why; 130 cancelled;
 * or with the exit code of the error that kept it from starting (2 a bad request, 3 not found, 8 infrastructure…).
 */
import { inspect } from 'node:util'
import { errorExitCodes, type LogEvent, StackError, type StepOutcome, toStackError } from '@stack/core'
import { redactOutput, sanitize, sanitizeLine } from '@stack/core/host'
import { takeLogDescriptor } from './descriptor-lines.js'
import { executeRequest } from './execute-request.js'
import { watchParent } from './parent-watch.js'
import { readStepRequest } from './step-request.js'

const abort = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => abort.abort(new StackError('interrupted', `The step was told to end (${signal}).`)))
}
watchParent()
redactOutput(['stdout', 'stderr'])
// In place of Node, which would print it as it is. Whoever else listens decides what becomes of it.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return
  process.stderr.write(`${sanitize(inspect(error))}\n`)
  process.exit(errorExitCodes.unexpected)
})

const logDescriptor = takeLogDescriptor()

/** Sends a line to the process that launched this one, where it listens; resolves when it is handed over. */
async function send(event: LogEvent): Promise<void> {
  if (process.connected) await new Promise<void>((resolve) => process.send?.(event, undefined, {}, () => resolve()))
}

function exitCode(outcome: StepOutcome): number {
  if (outcome.status === 'completed') return 0
  return outcome.status === 'cancelled' ? errorExitCodes.interrupted : errorExitCodes['step-failed']
}

async function main(): Promise<number> {
  try {
    const request = await readStepRequest(process.stdin)
    return exitCode(await executeRequest(request, { signal: abort.signal, send, logDescriptor }))
  } catch (thrown) {
    if (abort.signal.aborted) return errorExitCodes.interrupted
    const error = toStackError(thrown)
    process.stderr.write(
      `${sanitizeLine(error.message)}\n${error.hint === undefined ? '' : `${sanitizeLine(error.hint)}\n`}`,
    )
    return errorExitCodes[error.code]
  }
}

const code = await main()
// A step may have left timers or sockets behind: its end is the process's.
process.exit(code)
