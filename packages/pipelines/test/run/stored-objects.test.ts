/** Plans, commits and logs that something other than Stack wrote, and the bounds of what is written and read. */
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pipeline } from '../../src/definition/pipeline.js'
import { step } from '../../src/definition/step.js'
import { planPipeline } from '../../src/plan/plan-pipeline.js'
import { readCommit } from '../../src/run/commit.js'
import { readPlan, writePlan } from '../../src/run/read-plan.js'
import { readStepLog } from '../../src/run/read-step-log.js'
import { attemptDirectory, commitUri, logUri, planUri } from '../../src/run/run-layout.js'
import { runPipeline } from '../../src/run/run-pipeline.js'
import { makeTestStack } from '../support/test-stack.js'
import { makeTestStore, type TestStore } from '../support/test-store.js'

const ref = { run: 'r1', invocation: 'train', attempt: 1 } as const

let made: TestStore

beforeEach(async () => {
  made = await makeTestStore()
})

afterEach(() => made.remove())

/** Makes an object of so many bytes that takes no place. */
async function enlarge(uri: string, size: number, text = ''): Promise<void> {
  const file = join(made.directory, 'store', uri)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  await truncate(file, size)
}

const read = step({ name: 'read', run: () => 1 })

describe('a plan', () => {
  it('is read as it was written', async () => {
    const { plan } = await planPipeline(pipeline({ name: 'p', run: () => read() }), {})
    await made.store.write(planUri('r1'), writePlan(plan))
    expect(await readPlan(made.store, 'r1')).toEqual(plan)
  })

  it.each([
    ['that is no JSON', '{', 'checksum-mismatch', planUri('r1')],
    ['that is nested without end', '['.repeat(100_000) + ']'.repeat(100_000), 'checksum-mismatch', planUri('r1')],
    ['that is none', '[]', 'invalid-pipeline', 'The plan is not valid'],
  ])('%s is refused', async (_, text, code, named) => {
    await made.store.write(planUri('r1'), text)
    await expect(readPlan(made.store, 'r1')).rejects.toMatchObject({ code, message: expect.stringContaining(named) })
  })

  it('larger than 64 MiB is neither written nor read', async () => {
    await enlarge(planUri('r1'), 8 * 1024 ** 3)
    await expect(readPlan(made.store, 'r1')).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining('larger than 67108864 bytes'),
    })
    const params = { text: 'x'.repeat(65 * 1024 ** 2) }
    expect(() => writePlan({ protocol: 1, pipeline: 'p', params, settings: {}, invocations: [] })).toThrowError(
      expect.objectContaining({ code: 'invalid-pipeline', hint: expect.stringContaining('as an output') }),
    )
  })
})

describe('a commit', () => {
  it('larger than 16 MiB is not read', async () => {
    await enlarge(commitUri('r1', 'train'), 8 * 1024 ** 3)
    await expect(readCommit(made.store, 'r1', 'train')).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: 'The commit at runs/r1/train/commit.json is damaged: it is larger than 16777216 bytes.',
    })
  })

  it('larger than 16 MiB is not written: its step fails with the way out', async () => {
    const stack = await makeTestStack()
    const talkative = step({
      name: 'talkative',
      run: (_, { logMetadata }) => logMetadata({ text: 'x'.repeat(17 * 1024 ** 2) }),
    })
    const { steps } = await runPipeline({
      pipeline: pipeline({ name: 'p', run: () => talkative() }),
      params: {},
      stack: stack.definition,
      open: stack.open,
      projectRoot: stack.directory,
      runId: 'r1',
    })
    expect(steps[0]?.error).toMatchObject({
      code: 'invalid-output',
      message: expect.stringContaining('larger than 16 MiB'),
      hint: expect.stringContaining('logMetadata'),
    })
    expect(await stack.files()).not.toContain('runs/r1/talkative/commit.json')
    await stack.remove()
  })

  it('that is a directory in the store is said so, with its key', async () => {
    await made.store.write(`${commitUri('r1', 'train')}/x`, '')
    await expect(readCommit(made.store, 'r1', 'train')).rejects.toMatchObject({
      code: 'is-a-directory',
      message: expect.stringContaining('runs/r1/train/commit.json'),
    })
  })
})

describe('a log', () => {
  const line = { at: '2026-11-25T00:00:00.000Z', level: 'warn', message: 'hot', fields: { degrees: 90 } }

  async function linesOf(...parts: readonly string[]) {
    for (const [index, text] of parts.entries()) await made.store.write(logUri(ref, index + 1), text)
    return readAll()
  }

  async function readAll() {
    const lines = []
    for await (const line of readStepLog(made.store, ref)) lines.push(line)
    return lines
  }

  it('is read line by line, one that is damaged as the text it is', async () => {
    const damaged = ['null', '[1]', '{"at":1}', '{"at":"","level":"loud","message":""}', '{"at":"', 'plain text']
    const lines = await linesOf(`${JSON.stringify(line)}\n\n`, `${damaged.join('\n')}\n`, JSON.stringify(line))
    expect(lines).toEqual([line, ...damaged.map((message) => ({ at: '', level: 'info', message })), line])
  })

  it('keeps nothing of a line that is not a line’s', async () => {
    const forged = { ...line, step: 'other', attempt: 7 }
    expect(await linesOf(JSON.stringify(forged))).toEqual([line])
  })

  it('is not read from objects that are no parts of it', async () => {
    await made.store.write(logUri(ref, 1).replace('000001', 'notes'), 'no line')
    await made.store.write(`${logUri(ref, 2)}/x`, 'no line')
    expect(await linesOf(JSON.stringify(line))).toEqual([line])
    const elsewhere = { ...ref, attempt: 2 }
    await made.store.write(`${attemptDirectory(elsewhere)}/log`, 'no directory')
    for await (const found of readStepLog(made.store, elsewhere)) expect.unreachable(found.message)
  })

  it('shows the beginning of a line longer than 1 MiB, and goes on behind it', async () => {
    await enlarge(logUri(ref, 1), 256 * 1024 ** 2, 'a'.repeat(1000))
    await made.store.write(logUri(ref, 2), JSON.stringify(line))
    const [long, ...rest] = await readAll()
    expect(long).toEqual({ at: '', level: 'info', message: `${'a'.repeat(1000)}… (longer than 1048576 bytes)` })
    expect(rest).toEqual([line])
  })
})
