/** Which materializer writes a value, and which one reads what was written. */
import { StackError } from '@stack/core'
import type { StepDefinition } from '../definition/step.js'
import { blobMaterializer } from './blob.js'
import { bytesMaterializer } from './bytes.js'
import { fileMaterializer } from './file.js'
import type { Materializer } from './materializer.js'
import { jsonMaterializer } from './plain-json.js'
import { richJsonMaterializer } from './rich-json.js'
import { textMaterializer } from './text.js'

/** The built-in ones: the first that matches writes; the last takes what is left, or says why it cannot. */
const builtins = [
  textMaterializer,
  jsonMaterializer,
  bytesMaterializer,
  fileMaterializer,
  blobMaterializer,
  richJsonMaterializer,
] as readonly Materializer[]

/** The names of materializers whose outputs are JSON, and are inlined in the commit where they are small. */
export const inlinedMaterializers: ReadonlySet<string> = new Set([jsonMaterializer.name, richJsonMaterializer.name])

/** The names a custom materializer cannot have. */
export const builtinMaterializers: ReadonlySet<string> = new Set(builtins.map(({ name }) => name))

/**
 * The materializer that writes an output: the step's own for it, else the first built-in one that matches.
 * @throws StackError `invalid-output` where the step's own does not match the value.
 */
export function materializerFor(value: unknown, step: StepDefinition, output: string): Materializer {
  const own = Object.hasOwn(step.materializers, output) ? step.materializers[output] : undefined
  if (own === undefined) return builtins.find(({ matches }) => matches(value)) ?? richMaterializer
  if (own.matches(value)) return own
  throw new StackError(
    'invalid-output',
    `The step "${step.name}" gave a value for "${output}" that its materializer "${own.name}" does not take.`,
    { problems: [{ path: output, message: `the materializer "${own.name}" does not take it` }] },
  )
}

const richMaterializer = richJsonMaterializer as Materializer

/**
 * The materializer that reads what one of that name wrote.
 * @throws StackError `not-found` where it is neither built in nor the step's.
 */
export function materializerNamed(name: string, step: StepDefinition | undefined): Materializer {
  const own = Object.values(step?.materializers ?? {}).find((materializer) => materializer.name === name)
  const found = own ?? builtins.find((materializer) => materializer.name === name)
  if (found !== undefined) return found
  const where = step === undefined ? '' : `, and the step "${step.name}" has none of that name`
  throw new StackError(
    'not-found',
    `An artifact was written by the materializer "${name}", which is not built in${where}.`,
    {
      hint: 'Attach it to the step that writes the artifact: step({ materializers: { … } }).',
    },
  )
}
