/** Finds the artifact that a command names. */
import { type ArtifactRecord, StackError } from '@stack/core'
import type { Project } from '@stack/project'

/** The artifact of an id, of the beginning of one, or the newest version of a name. */
export async function findArtifact(project: Project, id: string): Promise<ArtifactRecord> {
  const exact = await project.records.getArtifact(id)
  if (exact !== null) return exact
  const [newest] = await project.records.listArtifacts({ name: id, limit: 1 })
  if (newest !== undefined) return newest
  const near =
    id.length < 4 ? [] : (await project.records.listArtifacts({ limit: 1000 })).filter((each) => each.id.startsWith(id))
  if (near.length === 1 && near[0] !== undefined) return near[0]
  throw new StackError('not-found', `There is no artifact ${JSON.stringify(id.slice(0, 100))}.`, {
    hint: 'stack artifact list',
  })
}
