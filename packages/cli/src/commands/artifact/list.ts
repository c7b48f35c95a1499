/** `stack artifact list`. */
import type { ArtifactRecord } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { optionValue } from '../../program/parsed-arguments.js'
import { findRun } from '../runs/find-run.js'
import { limitOf } from '../runs/list.js'
import { artifactView } from './artifact-view.js'

/** Lists artifacts, the newest first. */
export const listArtifacts: CommandDefinition = {
  options: [
    { name: 'run', value: 'ID', summary: 'Only what this run made.' },
    { name: 'name', value: 'NAME', summary: 'Only versions of this name.' },
    { name: 'limit', value: 'N', summary: 'At most so many; 50 unless given.' },
  ],
  async run(parsed, context) {
    const project = await context.project()
    const [run, name] = [optionValue(parsed, 'run'), optionValue(parsed, 'name')]
    const artifacts = await project.records.listArtifacts({
      ...(run === undefined ? {} : { run: (await findRun(project, run)).id }),
      ...(name === undefined ? {} : { name }),
      limit: limitOf(parsed),
    })
    return {
      data: artifacts.map(artifactView),
      names: artifacts.map(({ id }) => id),
      view: {
        kind: 'table',
        columns: ['ID', 'NAME', 'VERSION', 'TYPE', 'SIZE', 'CREATED'],
        rows: artifacts.map((each) => [each.id, each.name, each.version, each.mediaType, sizeOf(each), each.createdAt]),
        empty: 'There are no artifacts yet.',
      },
    }
  },
}

/** Bytes; of a directory those of its files, not those of the manifest that lists them. */
function sizeOf({ materializer, metadata, size }: ArtifactRecord): number {
  return materializer === 'directory' && typeof metadata.bytes === 'number' ? metadata.bytes : size
}
