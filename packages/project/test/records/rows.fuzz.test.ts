import { isStackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor, hostileText, strangeValue } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { parseArtifact } from '../../src/records/artifact-table.js'
import { parseComponent } from '../../src/records/component-table.js'
import { parseRun } from '../../src/records/run-table.js'
import { parseSourceFlavor } from '../../src/records/source-flavor-table.js'
import { parseStack } from '../../src/records/stack-table.js'
import { parseStepRun } from '../../src/records/step-run-table.js'

const time = '2026-01-02T03:04:05.678Z'
const stamp = { row_id: 7, id: 'an-id', revision: 1, created_at: time, updated_at: time }
const error = { code: 'step-failed', message: 'no', problems: [{ path: 'a', message: 'b' }], details: {} }
const named = { type: 'artifact-store', name: 'mine' }

type Stored = Readonly<Record<string, string | number | null>>

/** Every table with a sound row. */
const tables: Readonly<Record<string, readonly [parse: (row: unknown, file: string) => object, row: Stored]>> = {
  component: [
    parseComponent,
    { ...stamp, ...named, flavor: 's3', package: null, version: '1', config_version: 1, config: '{}', settings: '{}' },
  ],
  stack: [parseStack, { ...stamp, name: 'mine', members: '[["orchestrator","a"],["artifact-store","b"]]' }],
  source_flavor: [
    parseSourceFlavor,
    { ...stamp, ...named, source: 'a.ts#b', manifest: '{"contract":1}', files: '{"a.ts":"sha256:0"}' },
  ],
  run: [
    parseRun,
    {
      ...stamp,
      pipeline: 'p',
      stack: 's',
      status: 'failed',
      started_at: time,
      ended_at: null,
      params: '{"a":[1]}',
      settings: '{"orchestrator":{"concurrency":2}}',
      metadata: '{}',
      artifact_store: 'x',
      owner: null,
      error: JSON.stringify(error),
    },
  ],
  step_run: [
    parseStepRun,
    {
      row_id: 1,
      run: 'r',
      invocation: 's',
      step: 's',
      position: 0,
      status: 'failed',
      attempt: 1,
      cached: 1,
      started_at: time,
      ended_at: null,
      outputs: '{"output":"id"}',
      inputs: '["id"]',
      metadata: '{}',
      error: JSON.stringify(error),
    },
  ],
  artifact: [
    parseArtifact,
    {
      ...stamp,
      name: 'p/s/output',
      version: 1,
      uri: 'a#/outputs/output',
      artifact_store: 'x',
      run: 'r',
      invocation: 's',
      output: 'output',
      materializer: 'json',
      media_type: 'application/json',
      size: 1,
      content_hash: 'sha256:0',
      metadata: '{}',
    },
  ],
}

/** As libsql returns it: texts were cast to blobs. */
function stored(value: unknown): unknown {
  if (typeof value === 'string') return new Uint8Array(Buffer.from(value)).buffer
  return value instanceof Uint8Array ? Buffer.from(value) : value
}

/** A row with one or two columns that hold something else. */
function damagedRow(row: Stored): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const change = fc.constantFrom(...Object.keys(row)).chain((column) => {
    const value = row[column]
    const text = String(value)
    const isJson = /^[[{]/.test(text)
    return fc
      .oneof(
        damagedBytes(text),
        hostileText,
        strangeValue,
        fc.constantFrom(
          null,
          2 ** 63,
          2 ** 53,
          -1,
          0.5,
          'a'.repeat(10_000),
          `${'['.repeat(600)}${']'.repeat(600)}`,
          undefined,
        ),
        ...(isJson ? [damagedJson(JSON.parse(text)).map((json) => JSON.stringify(json))] : []),
      )
      .map((damaged) => ({ [column]: damaged }))
  })
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => {
    const damaged = Object.assign({}, row, ...changes) as Record<string, unknown>
    return Object.fromEntries(Object.entries(damaged).map(([column, value]) => [column, stored(value)]))
  })
}

const file = "/a project's/.stack/project.db"

for (const [table, [parse, row]] of Object.entries(tables)) {
  const sound = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, stored(value)]))
  const shape = shapeOf(parse(sound, file))
  describeDoor(`rows of the table ${table}`, damagedRow(row), (input) => {
    try {
      expect(Object.keys(shapeOf(parse(input, file)))).toEqual(Object.keys(shape))
    } catch (thrown) {
      if (!isStackError(thrown, 'database-corrupt')) throw thrown
      if (Number(input.row_id) >= 1) expect(thrown.details).toMatchObject({ file, table, column: expect.any(String) })
      expect(thrown.message.length).toBeLessThan(1000)
      expect(thrown.hint?.length).toBeLessThan(1000)
    }
  })
}

/** Every property, as JSON keeps it. */
function shapeOf(record: object): object {
  return JSON.parse(JSON.stringify(record)) as object
}
