/** What `stack-step` gets on stdin: one attempt and everything it needs, as JSON. */
import { fileURLToPath } from 'node:url'
import {
  type CodeLocation,
  type SettingsByKey,
  type SourceFlavorRecord,
  type StackDefinition,
  StackError,
  type StepCommand,
  type StepRef,
} from '@stack/core'

/** What every step of a run has in common. */
export interface StepProcessOptions {
  readonly projectRoot: string
  readonly code: CodeLocation
  /** Every component: package or source path, config with secret references, settings. */
  readonly stack: StackDefinition
  readonly settings: SettingsByKey
  /** Directories of flavor packages that the program carries. */
  readonly builtins: readonly string[]
  /** The project's flavors that are registered by source path. */
  readonly sourceFlavors: readonly SourceFlavorRecord[]
}

/** The JSON on the stdin of `stack-step`. */
export interface StepRequest extends StepProcessOptions {
  readonly protocol: 1
  readonly ref: StepRef
}

const stepProgram = fileURLToPath(new URL('./stack-step.js', import.meta.url))

/** The command that runs an attempt as a process of its own. */
export function stepCommand(ref: StepRef, options: StepProcessOptions): StepCommand {
  const request: StepRequest = { protocol: 1, ref, ...options }
  return {
    argv: [process.execPath, stepProgram],
    env: {},
    stdin: `${JSON.stringify(request)}\n`,
  }
}

/**
 * Reads a request.
 * @throws StackError `usage` where it is not one this version understands.
 */
export function parseStepRequest(text: string): StepRequest {
  let request: Partial<StepRequest> | null
  try {
    request = JSON.parse(text) as Partial<StepRequest> | null
  } catch (cause) {
    throw new StackError('usage', 'stack-step reads a JSON request on stdin, and what it got is not JSON.', { cause })
  }
  if (request?.protocol !== 1 || request.ref?.protocol !== 1) {
    throw new StackError('usage', 'stack-step understands requests of protocol 1 only.', {
      hint: 'The program that made the request and @stack/pipelines must fit: update the older one.',
    })
  }
  const missing = (['projectRoot', 'code', 'stack'] as const).filter((field) => request[field] === undefined)
  if (missing.length > 0) throw new StackError('usage', `The request lacks ${missing.join(', ')}.`)
  return { settings: {}, builtins: [], sourceFlavors: [], ...request } as StepRequest
}
