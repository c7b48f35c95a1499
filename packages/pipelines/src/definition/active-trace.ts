/** The pipeline being traced, if any: how a step's call finds the plan it belongs to. */
import type { StepCallOptions, StepDefinition } from './step-definition.js'

/** What a trace does with a call of a step. */
export interface Trace {
  /** Adds an invocation to the plan and gives its handle, or a record of handles. */
  invoke(step: StepDefinition, inputs: Readonly<Record<string, unknown>>, options: StepCallOptions): unknown
}

/** Global, so that it is the same for every copy of this package. Tracing is synchronous, so one slot is enough. */
const slot = Symbol.for('@stack/pipelines/trace')
const holder = globalThis as { [slot]?: Trace }

/** The trace in progress. */
export function activeTrace(): Trace | undefined {
  return holder[slot]
}

/** Calls a function while a trace is the active one. */
export function withTrace<T>(trace: Trace, call: () => T): T {
  const outer = holder[slot]
  holder[slot] = trace
  try {
    return call()
  } finally {
    if (outer === undefined) delete holder[slot]
    else holder[slot] = outer
  }
}
