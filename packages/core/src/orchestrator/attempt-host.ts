/** The host as the launcher of one attempt has it: of what the attempt's process sends, only its own lines pass. */
import { parseLogEvent } from './log-event.js'
import type { OrchestratorHost, RunEvent } from './orchestrator.js'
import type { StepRef } from './step-ref.js'

/** What becomes of the reports of an attempt. */
export interface AttemptReports {
  /** Whether the attempt has not ended: what is reported later is ignored. */
  readonly isLive: () => boolean
  /** Called where the host cannot take a line; the launcher, which may be inside an event handler, is not told. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Wraps the host for one attempt. `report` takes anything, so that a launcher can pass on the messages of a process as they
 * come: lines of this attempt reach the host, the rest is ignored. It never rejects.
 */
export function attemptHost(host: OrchestratorHost, ref: StepRef, reports: AttemptReports): OrchestratorHost {
  return {
    executeStep: (ref, options) => host.executeStep(ref, options),
    command: (ref, options) => host.command(ref, options),
    outcome: (ref, end) => host.outcome(ref, end),
    plan: () => host.plan(),
    async report(event: RunEvent): Promise<void> {
      const line = reports.isLive() ? parseLogEvent(event, ref) : undefined
      if (line === undefined) return
      try {
        await host.report(line)
      } catch (error) {
        reports.onFailure(error)
      }
    },
  }
}
