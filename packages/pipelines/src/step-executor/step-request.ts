/** What `stack-step` gets on stdin: one attempt and everything it needs, as JSON. */
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CodeLocation,
  componentTypes,
  formatProblemPath,
  type SettingsByKey,
  type SourceFlavorRecord,
  type StackDefinition,
  StackError,
  type StepCommand,
  type StepCommandOptions,
  type StepRef,
  z,
} from '@stack/core'
import { nameProblem } from '../definition/name.js'
import { describeProblems } from '../definition/schema.js'
import { isRunId } from '../run/run-id.js'
import { logVariable } from './descriptor-lines.js'

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

/** A stack and its settings are far smaller. */
const maximumRequestBytes = 64 * 1024 * 1024

const stepProgram = fileURLToPath(new URL('./stack-step.js', import.meta.url))

/** The command that runs an attempt as a process of its own. */
export function stepCommand(
  ref: StepRef,
  options: StepProcessOptions,
  { logDescriptor }: StepCommandOptions = {},
): StepCommand {
  const request: StepRequest = { protocol: 1, ref, ...options }
  return {
    argv: [process.execPath, stepProgram],
    env: logDescriptor === undefined ? {} : { [logVariable]: String(logDescriptor) },
    stdin: `${JSON.stringify(request)}\n`,
  }
}

const text = z.string().min(1)
const values = z.record(z.string(), z.json())
const place = text.refine((path) => isAbsolute(path) && !path.includes('\0'), { error: 'this is not an absolute path' })

const stepRequest = z.object({
  protocol: z.literal(1),
  ref: z.object({
    protocol: z.literal(1),
    // These three are segments of keys in the store.
    run: z.string().refine(isRunId, { error: 'this is not the id of a run' }),
    invocation: z.string().refine((name) => nameProblem(name) === undefined, { error: 'this is not a name' }),
    attempt: z.int().min(1),
    token: text,
  }),
  projectRoot: place,
  code: z.object({ kind: z.literal('path'), root: place, file: text, export: text }),
  stack: z.object({
    name: text,
    components: z.array(
      z.object({
        id: text,
        type: z.enum(componentTypes),
        name: text,
        flavor: text,
        package: text.nullable().default(null),
        version: text.nullable().default(null),
        source: text.nullable().default(null),
        config: values.default({}),
        settings: values.default({}),
      }),
    ),
  }),
  settings: z.record(z.string(), values).default({}),
  builtins: z.array(place).default([]),
  sourceFlavors: z
    .array(
      z.object({
        id: text,
        type: z.enum(componentTypes),
        name: text,
        source: text,
        manifest: z.json(),
        files: z.record(z.string(), z.string()),
        revision: z.int(),
        createdAt: z.string(),
        updatedAt: z.string(),
      }),
    )
    .default([]),
})

/**
 * Reads the request that comes on a stream, and no more than one may have.
 * @throws StackError `usage` where it is larger, or none that this version understands.
 */
export async function readStepRequest(stream: AsyncIterable<Uint8Array>): Promise<StepRequest> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > maximumRequestBytes) {
      throw new StackError('usage', `The request on stdin is larger than ${maximumRequestBytes} bytes.`)
    }
    chunks.push(chunk)
  }
  return parseStepRequest(Buffer.concat(chunks).toString('utf8'))
}

/**
 * Parses the text of a request.
 * @throws StackError `usage`, with every problem, where it is not one that this version understands.
 */
export function parseStepRequest(json: string): StepRequest {
  const value = parseJson(json)
  if (value?.protocol !== 1 || (value.ref as Partial<StepRef> | null | undefined)?.protocol !== 1) {
    throw new StackError('usage', 'stack-step understands requests of protocol 1 only.', {
      hint: 'The program that made the request and @stack/pipelines must fit: update the older one.',
    })
  }
  const missing = ['projectRoot', 'code', 'stack'].filter((field) => value[field] === undefined)
  if (missing.length > 0) throw new StackError('usage', `The request lacks ${missing.join(', ')}.`)
  const parsed = checkRequest(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: formatProblemPath(path), message }))
  throw new StackError('usage', `The request is not valid: ${describeProblems(problems)}.`, { problems })
}

function parseJson(json: string): Partial<Record<string, unknown>> | null {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new StackError('usage', 'stack-step reads a JSON request on stdin, and what it got is not JSON.', { cause })
  }
}

function checkRequest(value: unknown) {
  try {
    return stepRequest.safeParse(value)
  } catch (cause) {
    throw new StackError('usage', 'The request is not valid: it is nested too deeply.', { cause })
  }
}
