/** Makes a project at argv[2] where there is none; registers argv[4] components named after argv[3], each with an artifact, and prints each name once it is recorded. */
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { initProject, openProject } from '../../dist/index.js'

const [root, prefix, count] = process.argv.slice(2)
const builtins = [fileURLToPath(new URL('../../../../integrations/local', import.meta.url))]
await initProject(root, { builtins })
const project = await openProject({ root, builtins, env: {} })
const now = new Date().toISOString()
for (let index = 0; index < Number(count); index++) {
  const id = `${prefix}-${index}`
  const config = { path: `.stack/${id}` }
  await project.components.register({ type: 'artifact-store', name: id, flavor: 'local', config })
  await project.records.recordStepRun(
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
await project.close()
