/** The conformance kit of orchestrators, with steps in this process and each in a process of its own. */
import { silentLog } from '@stack/core'
import { describeOrchestrator } from '@stack/testing'
import { localOrchestratorSettings } from '../../src/orchestrator/config.js'
import { LocalOrchestrator } from '../../src/orchestrator/local-orchestrator.js'

for (const isolation of ['none', 'process'] as const) {
  describeOrchestrator({
    name: `local with isolation ${isolation}`,
    create: ({ concurrency, graceMs }) =>
      new LocalOrchestrator({
        id: 'o',
        name: 'default',
        config: {},
        settings: localOrchestratorSettings.parse({ concurrency, graceSeconds: graceMs / 1000, isolation }),
        projectRoot: '/',
        log: silentLog,
      }),
  })
}
