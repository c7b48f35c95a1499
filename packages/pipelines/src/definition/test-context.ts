/** A context for running a step as a plain function in a unit test. */
import { type LogFields, type Metadata, StackError } from '@stack/core'
import type { StepContext } from './context.js'

/** One line a step logged. */
export interface TestLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields?: LogFields
}

/** A context that keeps what the step said. */
export interface TestContext extends StepContext {
  /** What the step logged, in order. */
  readonly lines: readonly TestLogLine[]
  /** What the step tracked with `logMetadata`. */
  readonly metadata: Metadata
}

/** Makes a context: `await train.run({ rows }, testContext())`. Anything given replaces its default. */
export function testContext(overrides: Partial<StepContext> = {}): TestContext {
  const lines: TestLogLine[] = []
  const logAt = (level: TestLogLine['level']) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, ...(fields === undefined ? {} : { fields }) })
  }
  let metadata: Metadata = {}
  const context: TestContext = {
    signal: new AbortController().signal,
    log: { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    get artifactStore(): never {
      throw new StackError('usage', 'This test context has no artifact store, and the step asked for it.', {
        hint: 'Give it one: testContext({ artifactStore }).',
      })
    },
    logMetadata: (facts) => {
      metadata = { ...metadata, ...facts }
    },
    run: 'test-run',
    pipeline: 'test',
    invocation: 'test',
    step: 'test',
    attempt: 1,
    lines,
    get metadata() {
      return metadata
    },
  }
  return Object.defineProperties(context, Object.getOwnPropertyDescriptors(overrides))
}
