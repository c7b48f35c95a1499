/** Ctrl-C: the first ends the work cleanly, the second at once. */
import { errorExitCodes, StackError } from '@stack/core'
import type { CommandContext } from './command-context.js'

/** How long a second Ctrl-C lets processes be killed before this one ends, in milliseconds. */
const killMs = 1000

/** What Ctrl-C aborts. */
export interface InterruptSignals {
  /** By the first: the run is cancelled and recorded so. */
  readonly signal: AbortSignal
  /** By the second: nothing is waited for. */
  readonly killSignal: AbortSignal
}

/** Signals that SIGINT and SIGTERM abort until the command ends. */
export function interruptSignals(
  context: CommandContext,
  work: { readonly what: string; readonly hint: string } = { what: 'The run', hint: 'stack runs list' },
): InterruptSignals {
  const [cancel, kill] = [new AbortController(), new AbortController()]
  const exit = () => process.exit(errorExitCodes.interrupted)
  const stop = () => {
    if (kill.signal.aborted) exit()
    const error = new StackError('interrupted', `${work.what} was interrupted.`, { hint: work.hint })
    if (cancel.signal.aborted) {
      setTimeout(exit, killMs)
      kill.abort(error)
    } else {
      if (!context.flags.quiet) process.stderr.write('Cancelling; press Ctrl-C again to stop at once.\n')
      cancel.abort(error)
    }
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  context.onEnd(() => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  })
  return { signal: cancel.signal, killSignal: kill.signal }
}
