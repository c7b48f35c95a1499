/** Runs steps on this machine: in the process of the run, or each in a process of its own. */
import {
  DrivenOrchestrator,
  type DriveOptions,
  type LaunchOptions,
  type OrchestratorHost,
  type StepOutcome,
  type StepRef,
} from '@stack/core'
import type { LocalOrchestratorConfig, LocalOrchestratorSettings } from './config.js'
import { StepProcess } from './step-process.js'

export class LocalOrchestrator extends DrivenOrchestrator<LocalOrchestratorConfig, LocalOrchestratorSettings> {
  readonly #processes = new Map<string, StepProcess>()

  protected override driveOptions(): DriveOptions {
    return { concurrency: this.settings.concurrency, graceMs: this.settings.graceSeconds * 1000 }
  }

  protected override async launchAttempt(
    ref: StepRef,
    host: OrchestratorHost,
    options: LaunchOptions,
  ): Promise<StepOutcome> {
    if (this.settings.isolation === 'none') return host.executeStep(ref, options)
    const process = new StepProcess(ref, host)
    this.#processes.set(ref.token, process)
    try {
      return await process.run(options)
    } finally {
      this.#processes.delete(ref.token)
    }
  }

  /** A step in this process cannot be ended by force: it is abandoned, and what it writes later is never committed. */
  protected override async cancelAttempt(ref: StepRef): Promise<void> {
    await this.#processes.get(ref.token)?.kill()
  }
}
