/** Makes a project at argv[2] where there is none and writes argv[4] components named after argv[3]; prints each id once it is recorded. */
import { writeSync } from 'node:fs'
import { initProject } from '../../dist/root/init-project.js'
import { openRecords } from './records.mjs'

const [root, prefix, count] = process.argv.slice(2)
await initProject(root)
const records = openRecords(root)
const now = new Date().toISOString()
for (let index = 0; index < Number(count); index++) {
  const id = `${prefix}-${index}`
  await records.createComponent({
    id,
    type: 'alerter',
    name: id,
    flavor: 'none',
    package: null,
    version: null,
    configVersion: 1,
    config: { text: 'x'.repeat(500) },
    settings: {},
    revision: 1,
    createdAt: now,
    updatedAt: now,
  })
  await records.recordStepRun(
    {
      run: prefix,
      invocation: `step_${index}`,
      step: 'step',
      position: index,
      status: 'completed',
      attempt: 1,
      cached: false,
      startedAt: now,
      endedAt: now,
      outputs: { output: id },
      inputs: [],
      metadata: {},
      error: null,
    },
    [
      {
        id,
        name: 'shared/step/output',
        uri: `runs/${id}`,
        artifactStore: 'default-artifact-store',
        run: prefix,
        invocation: `step_${index}`,
        output: 'output',
        materializer: 'json',
        mediaType: 'application/json',
        size: 1,
        contentHash: 'sha256:0',
        metadata: {},
        createdAt: now,
      },
    ],
  )
  writeSync(1, `${id}\n`)
}
await records.close()
