/** Writes what was found as a page a person can look at. */
import { z } from '@stack/core'
import { step } from '@stack/pipelines'
import { penguin } from '../data/penguin.js'
import { evaluation } from '../model/evaluation.js'
import { forest } from '../model/forest.js'
import { htmlPage } from '../report/html.js'
import { reportPage } from '../report/page.js'
import { pageMaterializer } from '../report/page-materializer.js'

export const writeReport = step({
  name: 'write-report',
  input: z.object({
    evaluation,
    forest,
    training: z.array(penguin),
    test: z.array(penguin),
    params: z.record(z.string(), z.number()),
  }),
  output: htmlPage,
  materializers: { output: pageMaterializer },
  run: (found) => reportPage(found),
})
