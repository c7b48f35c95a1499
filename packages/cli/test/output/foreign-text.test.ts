/** What strangers wrote reaches no terminal with its control characters, whichever way out it takes. */
import { join } from 'node:path'
import Database from 'libsql'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

const evil = 'ev\u001b[2Jil\u0007\u009b31m\u202e'
const pipelines = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'
const evil = ${JSON.stringify(evil)}
const speak = step({
  name: 'speak',
  output: z.number(),
  run(_input, { log }) {
    log.warn(evil + '\\r\\n', { [evil]: evil })
    throw new Error(evil, { cause: new Error(evil) })
  },
})
export const speaks = pipeline({ name: 'speaks', run: () => speak({}) })
`

let root: string

beforeAll(async () => {
  root = makeDirectory({ ...projectManifest(), 'speaks.ts': pipelines })
  linkPackages(root)
  await stack(root, ['init'])
  await stack(root, ['artifact-store', 'register', 'plain', '--flavor=local', '--path=plain'])
  await stack(root, ['register', 'spoken', '--artifact-store=plain', '--orchestrator=default', '--set'])
  await stack(root, ['run', 'speaks.ts'])
  const database = new Database(join(root, '.stack/project.db'))
  for (const table of ['component', 'stack']) {
    database.prepare(`UPDATE ${table} SET name = ? WHERE name IN ('plain', 'spoken')`).run(evil)
  }
  database.prepare('UPDATE run SET pipeline = ?, stack = ?').run(evil, evil)
  database.close()
})

describe('text of a database, of a log, of an error', () => {
  it.each([
    ['list'],
    ['describe'],
    ['artifact-store', 'list'],
    ['artifact-store', 'describe', evil],
    ['artifact-store', 'describe', `${evil}x`],
    ['runs', 'list'],
    ['runs', 'describe', 'latest'],
    ['runs', 'logs', 'latest'],
    ['run', 'speaks.ts', '--help'],
    ['run', 'speaks.ts'],
    ['run', 'speaks.ts', '--settings.orchestrator.isolation=process'],
    ['complete', '--', 'artifact-store', 'describe'],
  ])('is printed without control characters: %j %j %j', async (...argv) => {
    for (const flags of [[], ['--json'], ['--quiet'], ['--debug']]) {
      const words = argv[0] === 'complete' ? [argv[0], ...flags, ...argv.slice(1)] : [...argv, ...flags]
      const { stdout, stderr } = await stack(root, words)
      expect(stdout + stderr).not.toMatch(/[\p{Cc}\u202e](?<![\n\t])/u)
    }
  })
})
