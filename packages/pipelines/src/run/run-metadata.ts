/** The facts a stack's components record with a run. */
import type { Log, Metadata, OpenedStack, RunInfo } from '@stack/core'
import { checkMetadata } from './metadata.js'

/** What `pipelineRunMetadata` of each component says, under `<type>:<name>`; a failure is logged and never fails the run. */
export async function runMetadata(stack: OpenedStack, run: RunInfo, log: Log): Promise<Metadata> {
  const facts: Record<string, Metadata> = {}
  for (const { type, name, component } of stack.components) {
    if (component.pipelineRunMetadata === undefined) continue
    try {
      facts[`${type}:${name}`] = checkMetadata(await component.pipelineRunMetadata(run), `${type} "${name}"`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log.warn(stack.redact(`pipelineRunMetadata of ${type} "${name}" failed: ${why}`))
    }
  }
  return facts
}
