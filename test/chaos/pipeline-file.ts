/** The pipeline that is killed: small and large outputs, plain and rich JSON, bytes, two steps that can run at once. */
export const pipelineFile = `
import { pipeline, step } from '@stack/pipelines'
import { z } from 'zod'

const numbers = step({
  name: 'numbers',
  input: z.object({ seed: z.number() }),
  output: z.array(z.number()),
  run: ({ seed }) => Array.from({ length: 10_000 }, (_, index) => (index * 7919 + seed) % 104_729),
})

const split = step({
  name: 'split',
  input: z.object({ numbers: z.array(z.number()) }),
  output: { small: z.array(z.number()), large: z.array(z.number()) },
  run: ({ numbers }) => ({
    small: numbers.filter((number) => number < 50_000),
    large: numbers.filter((number) => number >= 50_000),
  }),
})

const total = step({
  name: 'total',
  input: z.object({ numbers: z.array(z.number()) }),
  output: z.number(),
  run: ({ numbers }) => numbers.reduce((sum, number) => sum + number, 0),
})

const bytes = step({
  name: 'bytes',
  input: z.object({ numbers: z.array(z.number()) }),
  output: z.instanceof(Uint8Array),
  run: ({ numbers }) => new Uint8Array(Uint32Array.from(numbers).buffer),
})

const report = step({
  name: 'report',
  input: z.object({ totals: z.array(z.number()), bytes: z.instanceof(Uint8Array) }),
  output: z.map(z.string(), z.union([z.number(), z.date()])),
  run: ({ totals, bytes }, { logMetadata }) => {
    logMetadata({ bytes: bytes.length })
    return new Map<string, number | Date>([['total', totals[0]! + totals[1]!], ['at', new Date(0)]])
  },
})

export const chaos = pipeline({
  name: 'chaos',
  params: z.object({ seed: z.number() }),
  run: ({ seed }) => {
    const { small, large } = split({ numbers: numbers({ seed }) })
    return report({ totals: [total({ numbers: small }), total({ numbers: large })], bytes: bytes({ numbers: large }) })
  },
})
`
