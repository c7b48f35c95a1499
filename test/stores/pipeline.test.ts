/** One pipeline, unchanged, on stores of three kinds: the stack is named on the command line, the artifacts are the same. */
import { describeOnServer, type ServerName } from '@stack/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePenguinsProject, type PenguinsProject } from './penguins-project.js'
import { environmentOf, placeOn, registerFlags } from './store-place.js'

interface Run {
  readonly id: string
  readonly status: string
  readonly stack: string
}

interface Artifact {
  readonly name: string
  readonly contentHash: string
}

const servers: readonly ServerName[] = ['versitygw', 'minio', 'ceph-rgw', 'fake-gcs']
const apart = '--settings.orchestrator.isolation=process'

let project: PenguinsProject
let local: Readonly<Record<string, string>>

beforeAll(async () => {
  project = await makePenguinsProject()
  await project.stack(['init'])
  local = await train('default')
}, 120_000)
afterAll(() => project[Symbol.asyncDispose]())

it('gives seven artifacts on the local store, the same with every step in its own process', async () => {
  expect(Object.keys(local)).toHaveLength(7)
  expect(await train('default', {}, apart)).toEqual(local)
}, 120_000)

for (const name of servers) {
  await describeOnServer('the pipeline of the penguins', name, (server) => {
    it('gives the same artifacts, in the process and with every step in its own', async () => {
      const place = await placeOn(server())
      const environment = environmentOf(place)
      await project.stack(['artifact-store', 'register', name, ...registerFlags(place)])
      await project.stack(['register', name, '--artifact-store', name, '--orchestrator', 'default'])
      expect(await train(name, environment)).toEqual(local)
      expect(await train(name, environment, apart)).toEqual(local)
    }, 240_000)
  })
}

/** Runs the pipeline on a stack; gives the content hash of each artifact by its name. */
async function train(stack: string, environment = {}, ...flags: readonly string[]) {
  const command = ['run', 'pipeline.ts#train', '--stack', stack, ...flags]
  const { id, ...run } = await project.stack<Run>(command, environment)
  expect(run).toMatchObject({ status: 'completed', stack })
  const artifacts = await project.stack<readonly Artifact[]>(['artifact', 'list', '--run', id])
  return Object.fromEntries(artifacts.map(({ name, contentHash }) => [name, contentHash]))
}
