import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseLogEvent } from '@stack/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DescriptorLines, logVariable, takeLogDescriptor } from '../../src/step-executor/descriptor-lines.js'

const ref = { protocol: 1, run: 'r1', invocation: 'a', attempt: 1, token: 't1' } as const
const at = '2026-11-29T12:00:00.000Z'

let directory: string
let file: string
let descriptor: number

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-descriptor-'))
  file = join(directory, 'lines')
  descriptor = openSync(file, 'w')
})

afterEach(async () => {
  try {
    closeSync(descriptor)
  } catch {
    // A test closed it.
  }
  await rm(directory, { recursive: true })
})

const sent = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

describe('DescriptorLines', () => {
  it('has written a line, as its launcher reads it, when add returns', () => {
    const lines = new DescriptorLines(descriptor, ref, (value) => value)
    for (const message of ['one', 'é\n"', 'x'.repeat(1_000_000)]) lines.add(() => ({ at, level: 'info', message }))
    lines.add(() => ({ at, level: 'warn', message: 'fields', fields: { rows: 3 } }))
    expect(sent().map((line) => parseLogEvent(line, ref))).toMatchObject([
      { message: 'one' },
      { message: 'é\n"' },
      { message: expect.stringMatching(/^x+… \(\d+ more characters were cut\)$/) },
      { level: 'warn', message: 'fields', fields: { rows: 3 } },
    ])
  })

  it('writes nothing after its end, nor where the descriptor is gone', async () => {
    const lines = new DescriptorLines(descriptor, ref, (value) => value)
    await lines.close()
    lines.add(() => ({ at, level: 'info', message: 'late' }))
    const others = new DescriptorLines(descriptor, ref, (value) => value)
    closeSync(descriptor)
    others.add(() => ({ at, level: 'info', message: 'lost' }))
    expect(sent()).toEqual([])
  })
})

describe('takeLogDescriptor', () => {
  afterEach(() => {
    delete process.env[logVariable]
  })

  it('reads the variable once, so that the step’s own children have none', () => {
    process.env[logVariable] = String(descriptor)
    expect(takeLogDescriptor()).toBe(descriptor)
    expect(process.env[logVariable]).toBeUndefined()
    expect(takeLogDescriptor()).toBeUndefined()
  })

  it('ignores what is no open descriptor', () => {
    for (const given of ['', '0', '-1', '4x', '1e3', '999999', 'log', '99999999999']) {
      process.env[logVariable] = given
      expect(takeLogDescriptor()).toBeUndefined()
    }
  })
})
