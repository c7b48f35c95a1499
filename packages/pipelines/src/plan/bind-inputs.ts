/** Fills an invocation's inputs: outputs of earlier steps in place of `$handle`, values in place of `$rich`. */
import { type InputBinding, type PlannedInvocation, StackError } from '@stack/core'
import { parseRich } from '../materializers/rich-json.js'
import { handleKey, richKey } from './write-binding.js'

/** Loads an output of an earlier invocation. */
export type LoadHandle = (invocation: string, output: string) => Promise<unknown>

/** The input object of a step; an output bound at several places is loaded once and is the same value at each. */
export async function bindInputs(
  inputs: PlannedInvocation['inputs'],
  load: LoadHandle,
): Promise<Record<string, unknown>> {
  const loads = new Map<string, Promise<unknown>>()
  const loadOnce: LoadHandle = (invocation, output) => {
    const key = `${invocation}.${output}`
    const pending = loads.get(key) ?? load(invocation, output)
    loads.set(key, pending)
    return pending
  }
  return (await fill(inputs, loadOnce)) as Record<string, unknown>
}

/**
 * Reads a value that was written without handles.
 * @throws StackError `invalid-input` for rich JSON that is none.
 */
export function readConstant(binding: InputBinding): unknown {
  const rich = ownText(binding, richKey)
  return rich === undefined ? binding : parseRich(rich)
}

async function fill(binding: InputBinding, load: LoadHandle): Promise<unknown> {
  if (typeof binding !== 'object' || binding === null) return binding
  if (Array.isArray(binding)) return Promise.all((binding as readonly InputBinding[]).map((item) => fill(item, load)))
  const fields = binding as { readonly [key: string]: InputBinding }
  const handle = Object.hasOwn(fields, handleKey) ? fields[handleKey] : undefined
  if (handle !== undefined) {
    const { invocation, output } = handle as { readonly invocation: string; readonly output: string }
    return load(invocation, output)
  }
  const rich = ownText(fields, richKey)
  if (rich !== undefined) return readRich(rich)
  const entries = Object.entries(fields).map(async ([key, item]) => [key, await fill(item, load)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

function readRich(text: string): unknown {
  try {
    return parseRich(text)
  } catch (cause) {
    throw new StackError('invalid-pipeline', 'The plan holds a value that is not rich JSON.', { cause })
  }
}

function ownText(value: InputBinding, key: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  const text = (value as { readonly [key: string]: unknown })[key]
  return typeof text === 'string' ? text : undefined
}
