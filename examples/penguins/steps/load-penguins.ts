/** Loads the data set that ships with this example. */
import { readFile } from 'node:fs/promises'
import { z } from '@stack/core'
import { step } from '@stack/pipelines'
import { measuredPenguin } from '../data/penguin.js'
import { readPenguins } from '../data/read-penguins.js'

export const loadPenguins = step({
  name: 'load-penguins',
  output: z.array(measuredPenguin).min(1),
  async run(_input, context) {
    const penguins = readPenguins(await readFile(new URL('../data/penguins.csv', import.meta.url), 'utf8'))
    context.logMetadata({ penguins: penguins.length })
    return penguins
  },
})
