/** An attempt's sign of life in the store, and its ear for the run's cancel mark. */
import { hostname } from 'node:os'
import { type ArtifactStore, StackError, type StepRef } from '@stack/core'
import { cancelUri, heartbeatUri } from '../run/run-layout.js'

/** Milliseconds between two signs of life; a step that is shorter writes none. */
export const heartbeatMs = 5000

/** What a heartbeat needs. */
export interface HeartbeatOptions {
  readonly ref: StepRef
  readonly store: ArtifactStore
  /** Called when the run's cancel mark is found. */
  readonly onCancel: (reason: StackError) => void
}

/** Beats until it is stopped. A beat that fails is left out: the next one follows. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #timer: NodeJS.Timeout
  #beating = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#beat(), heartbeatMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    if (this.#beating) return
    this.#beating = true
    const { ref, store, onCancel } = this.#options
    const beat = { protocol: 1, at: new Date().toISOString(), host: hostname(), pid: process.pid, token: ref.token }
    const options = { contentType: 'application/json', timeoutMs: heartbeatMs }
    Promise.all([
      store.write(heartbeatUri(ref), JSON.stringify(beat), options),
      store.exists(cancelUri(ref.run), { timeoutMs: heartbeatMs }).then((cancelled) => {
        if (cancelled) onCancel(new StackError('interrupted', `The run ${ref.run} was cancelled.`))
      }),
    ])
      .catch(() => {})
      .finally(() => {
        this.#beating = false
      })
  }
}
