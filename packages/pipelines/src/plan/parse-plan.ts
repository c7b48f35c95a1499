/** Checks a plan that was read from JSON: another program, or another version, may have written it. */
import { formatProblemPath, type InputBinding, type Problem, type RunPlan, StackError, z } from '@stack/core'
import { isNestedTooDeeply } from '../artifacts/stored-json.js'
import { nameProblem } from '../definition/name.js'
import { describeProblems } from '../definition/schema.js'
import { findCycle } from './find-cycle.js'
import { handleKey } from './write-binding.js'

const name = z.string().refine((value) => nameProblem(value) === undefined, { error: 'this is not a name' })
const record = z.record(z.string(), z.json())
const settings = z.record(z.string(), record)

const runPlan = z.object({
  protocol: z.literal(1, { error: 'this version of Stack reads plans of protocol 1' }),
  pipeline: name,
  params: record,
  settings,
  invocations: z.array(
    z.object({
      name,
      step: name,
      inputs: record,
      after: z.array(z.string()),
      outputs: z.array(name),
      settings,
    }),
  ),
})

/**
 * Reads a plan: its shape, its names, that everything an invocation waits for exists, and that nothing waits for itself.
 * @throws StackError `invalid-pipeline` with every problem; a cycle is in `details.cycle`.
 */
export function parsePlan(value: unknown): RunPlan {
  if (isNestedTooDeeply(value)) throw invalidPlan([{ path: '', message: 'it is nested too deeply' }])
  const parsed = runPlan.safeParse(value)
  if (!parsed.success) {
    throw invalidPlan(parsed.error.issues.map(({ path, message }) => ({ path: formatProblemPath(path), message })))
  }
  const plan: RunPlan = parsed.data
  const problems = [...nameClashes(plan), ...missingSources(plan)]
  if (problems.length > 0) throw invalidPlan(problems)
  const cycle = findCycle(new Map(plan.invocations.map((invocation) => [invocation.name, invocation.after])))
  if (cycle === undefined) return plan
  throw new StackError('invalid-pipeline', `The plan has a cycle: ${cycle.join(' → ')}.`, {
    hint: 'A step cannot wait for itself, directly or through others.',
    details: { cycle },
  })
}

function nameClashes(plan: RunPlan): readonly Problem[] {
  const folded = new Map<string, string>()
  const problems: Problem[] = []
  for (const [index, { name }] of plan.invocations.entries()) {
    const other = folded.get(name.toLowerCase())
    if (other !== undefined) {
      const message =
        other === name ? `two invocations are named "${name}"` : `"${other}" and "${name}" differ in case only`
      problems.push({ path: `invocations[${index}].name`, message })
    }
    folded.set(name.toLowerCase(), name)
  }
  return problems
}

/** What invocations wait for, or read without waiting for it, that is not there. */
function missingSources(plan: RunPlan): readonly Problem[] {
  const outputs = new Map(plan.invocations.map((invocation) => [invocation.name, invocation.outputs]))
  const problems: Problem[] = []
  for (const [index, { after, inputs }] of plan.invocations.entries()) {
    for (const source of after) {
      if (outputs.has(source)) continue
      problems.push({ path: `invocations[${index}].after`, message: `there is no invocation "${source}"` })
    }
    for (const [input, binding] of Object.entries(inputs)) {
      for (const { invocation: source, output } of handlesIn(binding)) {
        const path = `invocations[${index}].inputs.${input}`
        const given = outputs.get(source)
        if (given === undefined) problems.push({ path, message: `there is no invocation "${source}"` })
        else if (!given.includes(output)) problems.push({ path, message: `"${source}" has no output "${output}"` })
        else if (!after.includes(source)) problems.push({ path, message: `"after" lacks "${source}"` })
      }
    }
  }
  return problems
}

/** The outputs that a binding stands for. */
export function handlesIn(binding: InputBinding): readonly { readonly invocation: string; readonly output: string }[] {
  if (typeof binding !== 'object' || binding === null) return []
  if (Array.isArray(binding)) return (binding as readonly InputBinding[]).flatMap(handlesIn)
  const fields = binding as { readonly [key: string]: InputBinding }
  const handle = Object.hasOwn(fields, handleKey) ? fields[handleKey] : undefined
  if (handle === undefined) return Object.values(fields).flatMap(handlesIn)
  const { invocation, output } = (handle ?? {}) as { readonly invocation?: unknown; readonly output?: unknown }
  return [{ invocation: nameOrNone(invocation), output: nameOrNone(output) }]
}

/** Nothing is named by the empty text. */
function nameOrNone(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function invalidPlan(problems: readonly Problem[]): StackError {
  return new StackError('invalid-pipeline', `The plan is not valid: ${describeProblems(problems)}.`, { problems })
}
