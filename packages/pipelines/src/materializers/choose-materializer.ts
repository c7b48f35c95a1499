/** Which materializer writes a value, and which one reads what was written. */
import { StackError } from '@stack/core'
import type { StepDefinition } from '../definition/step-definition.js'
import { builtinMaterializers } from './builtin-materializers.js'
import type { Materializer } from './materializer.js'

/**
 * The materializer that writes an output: the step's own for it, else the first built-in one that matches.
 * @throws StackError `invalid-output` where the step's own does not match the value.
 */
export function materializerFor(value: unknown, step: StepDefinition, output: string): Materializer {
  const own = Object.hasOwn(step.materializers, output) ? step.materializers[output] : undefined
  if (own === undefined) return builtinFor(value)
  if (own.matches(value)) return own
  throw new StackError(
    'invalid-output',
    `The step "${step.name}" gave a value for "${output}" that its materializer "${own.name}" does not take.`,
    { problems: [{ path: output, message: `the materializer "${own.name}" does not take it` }] },
  )
}

function builtinFor(value: unknown): Materializer {
  for (const materializer of builtinMaterializers.values()) if (materializer.matches(value)) return materializer
  throw new TypeError('The last of the built-in materializers takes everything.')
}

/**
 * The materializer that reads what one of that name wrote.
 * @throws StackError `not-found` where it is neither built in nor the step's.
 */
export function materializerNamed(name: string, step: StepDefinition | undefined): Materializer {
  const own = Object.values(step?.materializers ?? {}).find((materializer) => materializer.name === name)
  const found = own ?? builtinMaterializers.get(name)
  if (found !== undefined) return found
  const where = step === undefined ? '' : `, and the step "${step.name}" has none of that name`
  throw new StackError(
    'not-found',
    `An artifact was written by the materializer ${JSON.stringify(name.slice(0, 100))}, which is not built in${where}.`,
    {
      hint: 'Attach it to the step that writes the artifact: step({ materializers: { … } }).',
    },
  )
}
