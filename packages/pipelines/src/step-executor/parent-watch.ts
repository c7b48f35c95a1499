/** Ends a step's process when the process that launched it is gone, also while the step keeps the main thread busy. */
import { Worker } from 'node:worker_threads'

/** The environment variable in which a launcher that wants its steps to end with it gives its process id. */
export const parentVariable = 'STACK_STEP_PARENT'

/** How often the parent is looked for, in milliseconds. */
const watchMs = 250

/** Starts watching where the launcher asked for it: the process, and with it its group, is killed when the parent is another. */
export function watchParent(): void {
  const parent = Number(process.env[parentVariable])
  // The user's own child processes are not this launcher's steps.
  delete process.env[parentVariable]
  if (!Number.isInteger(parent) || parent <= 0) return
  new Worker(watch, { eval: true, workerData: { parent, watchMs }, execArgv: [] }).unref()
}

/** The thread's program, as text, so that it is there however the package is loaded. A step leads its process group. */
const watch = `
const { workerData: { parent, watchMs } } = require('node:worker_threads')
setInterval(() => {
  if (process.ppid === parent) return
  try { process.kill(-process.pid, 'SIGKILL') } catch {}
  process.kill(process.pid, 'SIGKILL')
}, watchMs)
`
