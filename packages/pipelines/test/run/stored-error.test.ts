/** What a run takes of the `error.json` of an attempt that ran elsewhere. */
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorUri } from '../../src/run/run-layout.js'
import { storedOutcome } from '../../src/run/stored-outcome.js'
import { makeTestStore, type TestStore } from '../support/test-store.js'

const ref = { protocol: 1, run: 'r1', invocation: 'train', attempt: 2, token: 't' } as const
const uri = errorUri(ref)

let made: TestStore

beforeEach(async () => {
  made = await makeTestStore()
})

afterEach(() => made.remove())

async function outcomeOf(text: string) {
  await made.store.write(uri, text)
  return storedOutcome(made.store, ref)
}

describe('the error of an attempt', () => {
  it('is what its error.json says, a code of a later version among it', async () => {
    const error = {
      code: 'out-of-luck',
      message: 'The step "train" failed.',
      hint: 'Try again.',
      problems: [{ path: 'a', message: 'is wrong' }],
      details: { invocation: 'train', location: { file: 'a.ts', line: 1, column: 2 } },
      stack: 'Error: at a.ts',
    }
    expect(await outcomeOf(JSON.stringify(error))).toEqual({ status: 'failed', error })
  })

  it('is told without what has another shape', async () => {
    const error = { code: 'step-failed', message: 'No.', hint: 1, problems: {}, details: [], stack: null }
    expect(await outcomeOf(JSON.stringify(error))).toEqual({
      status: 'failed',
      error: { code: 'step-failed', message: 'No.' },
    })
  })

  it.each([
    ['no JSON', '{"code":', 'it is not JSON'],
    ['null', 'null', 'expected object'],
    ['an array', '[]', 'expected object'],
    ['no message', '{"code":"step-failed"}', 'message: '],
    ['a code that is none', '{"code":"\\u001b[2J","message":"a"}', 'code: '],
    ['a message that is no text', '{"code":"step-failed","message":{"toString":1}}', 'message: '],
    ['nesting without end', `{"code":"a","message":"b","details":${nested(100_000)}}`, 'nested too deeply'],
    ['nothing', '', 'it is not JSON'],
  ])('that is %s is said to be damaged, with its key', async (_, text, why) => {
    const outcome = await outcomeOf(text)
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'step-failed',
        message: expect.stringContaining(
          'The step "train" failed, and why cannot be read. The error at runs/r1/train/2/error.json is damaged: ',
        ),
        hint: 'See what it wrote: stack runs logs r1',
        details: { uri, invocation: 'train', code: 'checksum-mismatch' },
      },
    })
    expect(outcome.status === 'failed' && outcome.error.message).toContain(why)
  })

  it('that is larger than 1 MiB is not read', async () => {
    const file = join(made.directory, 'store', uri)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, '{')
    await truncate(file, 8 * 1024 ** 3)
    expect(await storedOutcome(made.store, ref)).toMatchObject({
      error: { message: expect.stringContaining('it is larger than 1048576 bytes') },
    })
  })
})

describe('the commit of an attempt', () => {
  it.each([
    ['that is damaged', '{}', 'The commit at runs/r1/train/commit.json is damaged: '],
    ['of a later version', '{"protocol":2}', 'The commit at runs/r1/train/commit.json was written by a newer version'],
  ])('%s fails it with the key of the commit', async (_, text, why) => {
    await made.store.write('runs/r1/train/commit.json', text)
    const outcome = await storedOutcome(made.store, ref)
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'step-failed', details: { invocation: 'train' } },
    })
    expect(outcome.status === 'failed' && outcome.error.message).toContain(`The step "train" failed: ${why}`)
  })
})

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}
