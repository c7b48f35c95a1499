/** A request of `stack-step` that has everything. */
import type { StepRequest } from '../../src/step-executor/step-request.js'

const local = { flavor: 'local', package: '@stack/flavor-local', version: '0.1.0', source: null }

export const stepRequest: StepRequest = {
  protocol: 1,
  ref: { protocol: 1, run: '20261129-120000-00000000', invocation: 'train', attempt: 1, token: 'token' },
  projectRoot: '/project',
  code: { kind: 'path', root: '/project', file: 'pipelines/train.ts', export: 'train' },
  stack: {
    name: 'default',
    components: [
      { ...local, id: 'o', type: 'orchestrator', name: 'default', config: {}, settings: { isolation: 'process' } },
      { ...local, id: 'a', type: 'artifact-store', name: 'default', config: { path: '/artifacts' }, settings: {} },
    ],
  },
  settings: { orchestrator: { concurrency: 2 } },
  builtins: ['/program/flavors/local'],
  sourceFlavors: [
    {
      ...{ id: 'f', type: 'artifact-store', name: 'mine', source: 'flavors/mine.ts#mine', manifest: { name: 'mine' } },
      ...{ files: { 'flavors/mine.ts': 'sha256:00' }, revision: 1, createdAt: '2026-11-29T12:00:00.000Z' },
      updatedAt: '2026-11-29T12:00:00.000Z',
    },
  ],
}
