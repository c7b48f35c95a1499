/** Finds the run that a command names. */
import { type RunRecord, StackError, suggest } from '@stack/core'
import type { Project } from '@stack/project'

/** The run of an id, or of the beginning of one that no other run shares; `latest` is the newest. */
export async function findRun(project: Project, id: string): Promise<RunRecord> {
  const exact = await project.records.getRun(id)
  if (exact !== null) return exact
  const runs = await project.records.listRuns({ limit: 1000 })
  if (id === 'latest' && runs[0] !== undefined) return runs[0]
  const near = runs.filter((run) => id.length >= 4 && run.id.startsWith(id))
  if (near.length === 1 && near[0] !== undefined) return near[0]
  const meant = suggest(
    id,
    runs.map((run) => run.id),
  )
  const suggestion = meant === undefined ? '' : ` Did you mean "${meant}"?`
  throw new StackError('not-found', `There is no run ${JSON.stringify(id.slice(0, 100))}.${suggestion}`, {
    hint: 'stack runs list',
  })
}
