/** An attempt's sign of life: an object in the store, for whoever cannot see the process. */
import { hostname } from 'node:os'
import type { ArtifactStore, StepRef } from '@stack/core'
import { heartbeatUri } from '../run/run-layout.js'

/** Milliseconds between two signs of life; a step that is shorter writes none. */
export const heartbeatMs = 5000

/** Beats until it is stopped. A beat that fails is left out: the next one follows. */
export function startHeartbeat(ref: StepRef, store: ArtifactStore): { stop(): Promise<void> } {
  const startedAt = new Date().toISOString()
  let beating: Promise<unknown> | undefined
  const timer = setInterval(() => {
    beating ??= beat().finally(() => {
      beating = undefined
    })
  }, heartbeatMs).unref()

  async function beat(): Promise<void> {
    const sign = {
      protocol: 1,
      at: new Date().toISOString(),
      startedAt,
      host: hostname(),
      pid: process.pid,
      token: ref.token,
    }
    await store
      .write(heartbeatUri(ref), JSON.stringify(sign), { contentType: 'application/json', timeoutMs: heartbeatMs })
      .catch(() => {})
  }

  return {
    async stop() {
      clearInterval(timer)
      await beating
    },
  }
}
