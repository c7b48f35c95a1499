/** `stack runs logs ID [STEP]`. */
import { type ArtifactStore, didYouMean, isStackError, StackError, type StepRunRecord } from '@stack/core'
import { type CommandDefinition, operand } from '../../program/command.js'
import { openArtifactStore } from '../artifact/open-artifact-store.js'
import { findRun } from './find-run.js'

/** A line a step wrote. */
interface LogLine {
  readonly step: string
  readonly attempt: number
  readonly at: string
  readonly level: string
  readonly message: string
}

/** Prints what the steps of a run logged, in the plan's order. */
export const runLogs: CommandDefinition = {
  arguments: [
    { name: 'ID', summary: 'the run, the beginning of its id, or "latest"' },
    { name: 'STEP', summary: 'only this step', optional: true },
  ],
  async run(parsed, context) {
    const project = await context.project()
    const run = await findRun(project, operand(parsed, 0))
    const steps = await project.records.listStepRuns(run.id)
    const store = await openArtifactStore(project, run.artifactStore, context)
    const lines: LogLine[] = []
    for (const step of selectSteps(steps, parsed.operands[1], run.id)) lines.push(...(await readStep(store, step)))
    return {
      data: lines,
      names: lines.map(({ message }) => message),
      view: {
        kind: 'text',
        text: lines.map((line) => `${line.at} ${line.step} ${line.level} ${line.message}`).join('\n'),
      },
    }
  },
}

function selectSteps(steps: readonly StepRunRecord[], name: string | undefined, run: string): readonly StepRunRecord[] {
  if (name === undefined) return steps
  const found = steps.filter(({ invocation }) => invocation === name)
  if (found.length > 0) return found
  const suggestion = didYouMean(
    name,
    steps.map(({ invocation }) => invocation),
  )
  throw new StackError('not-found', `The run ${run} has no step ${JSON.stringify(name.slice(0, 100))}.${suggestion}`, {
    hint: `stack runs describe ${run}`,
  })
}

async function readStep(store: ArtifactStore, step: StepRunRecord): Promise<readonly LogLine[]> {
  const lines: LogLine[] = []
  for (let attempt = 1; attempt <= step.attempt; attempt += 1) {
    const directory = `runs/${step.run}/${step.invocation}/${attempt}/log`
    for (const file of await listFiles(store, directory)) {
      const text = await store.readText(`${directory}/${file}`)
      for (const line of text.split('\n').filter(Boolean))
        lines.push(toLine(JSON.parse(line), step.invocation, attempt))
    }
  }
  return lines
}

async function listFiles(store: ArtifactStore, directory: string): Promise<readonly string[]> {
  try {
    return (await store.listdir(directory)).filter((name) => name.endsWith('.ndjson')).sort()
  } catch (error) {
    if (isStackError(error, 'not-found')) return []
    throw error
  }
}

function toLine(entry: Record<string, unknown>, step: string, attempt: number): LogLine {
  const { at, level, message, ...rest } = entry
  const fields = Object.keys(rest).length === 0 ? {} : rest
  return {
    step,
    attempt,
    at: String(at ?? ''),
    level: String(level ?? 'info'),
    message: String(message ?? ''),
    ...fields,
  }
}
