import { setImmediate } from 'node:timers/promises'
import { type ArtifactStore, StackError } from '@stack/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogLine } from '../../src/run/log-line.js'
import { LogParts, type LogPartsOptions } from '../../src/run/log-parts.js'
import { LogRoom } from '../../src/run/log-room.js'
import { readStepLog } from '../../src/run/read-step-log.js'
import { makeTestStack, type TestStack } from '../support/test-stack.js'

const ref = { protocol: 1, run: 'r1', invocation: 'a', attempt: 1, token: 't1' } as const
const lineOf = (message: string): LogLine => ({ at: '2026-11-29T12:00:00.000Z', level: 'info', message })

let stack: TestStack
let store: ArtifactStore
let shown: LogLine[]

beforeEach(async () => {
  stack = await makeTestStack()
  store = (await stack.open()).artifactStore
  shown = []
})

afterEach(() => stack.remove())

function open(options: Partial<LogPartsOptions> = {}): LogParts {
  return new LogParts({ ref, store, redact: (value) => value, show: (line) => shown.push(line), ...options })
}

async function kept(invocation = 'a'): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for await (const line of readStepLog(store, { ...ref, invocation })) lines.push(line)
  return lines
}

/** How many lines a log says were dropped, and how many it has beside. */
function counts(lines: readonly LogLine[]) {
  const notices = lines.flatMap(({ level, fields }) => (level === 'warn' ? [Number(fields?.dropped)] : []))
  return { kept: lines.length - notices.length, dropped: notices.reduce((sum, count) => sum + count, 0), notices }
}

/** Makes the store wait with every write until it is let go. */
function holdWrites(): { release(): void } {
  const write = store.write.bind(store)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  store.write = async (...args) => {
    await released
    return write(...args)
  }
  return { release }
}

describe('a log that is kept in parts', () => {
  it('shows and keeps each line, in order', async () => {
    const log = open()
    for (let n = 0; n < 5000; n += 1) log.add(() => lineOf(`line ${n}`))
    await log.close()
    const messages = Array.from({ length: 5000 }, (_, n) => `line ${n}`)
    expect((await kept()).map(({ message }) => message)).toEqual(messages)
    expect(shown.map(({ message }) => message)).toEqual(messages)
  })

  it('writes nothing unless something is logged, and takes nothing after its end', async () => {
    const log = open()
    await log.close()
    log.add(() => lineOf('late'))
    await log.put(lineOf('later'))
    await log.close()
    expect(await stack.files()).toEqual([])
    expect(shown).toEqual([])
  })

  it('drops and counts what comes while too much waits, says so where it was, and goes on', async () => {
    const held = holdWrites()
    const log = open()
    const written = 300_000
    for (let n = 0; n < written; n += 1) log.add(() => lineOf(`line ${n} ${'x'.repeat(100)}`))
    held.release()
    while (shown.length < 10_000) await setImmediate()
    const seen = shown.length
    log.add(() => lineOf('afterwards'))
    await log.close()
    const lines = await kept()
    const { kept: whole, dropped, notices } = counts(lines)
    expect(seen).toBeGreaterThan(0)
    expect(notices.length).toBeGreaterThan(0)
    expect(dropped).toBeGreaterThan(0)
    expect(whole + dropped).toBe(written + 1)
    expect(lines[0]?.message).toContain('line 0 ')
    expect(shown).toEqual(lines)
  })

  it('makes no line that it drops', async () => {
    const held = holdWrites()
    const log = open()
    let made = 0
    for (let n = 0; n < 200_000; n += 1) {
      log.add(() => {
        made += 1
        return lineOf('x'.repeat(1000))
      })
    }
    held.release()
    await log.close()
    const { kept: whole, dropped } = counts(await kept())
    expect([made, whole + dropped]).toEqual([whole, 200_000])
  })

  it('holds up one who can wait while too much waits, and drops nothing', async () => {
    const held = holdWrites()
    const log = open()
    const written = 300_000
    let taken = 0
    const feeding = (async () => {
      for (; taken < written; taken += 1) await log.put(lineOf(`line ${taken} ${'x'.repeat(100)}`))
    })()
    let before = -1
    while (taken !== before) {
      before = taken
      await setImmediate()
    }
    expect(taken).toBeGreaterThan(0)
    expect(taken).toBeLessThan(written)
    held.release()
    await feeding
    await log.close()
    expect(counts(await kept())).toEqual({ kept: written, dropped: 0, notices: [] })
  })

  it('shares the room with the other logs of its run', async () => {
    const held = holdWrites()
    const room = new LogRoom()
    const logs = ['a', 'b', 'c', 'd'].map((invocation) => open({ ref: { ...ref, invocation }, room }))
    for (let n = 0; n < 100_000; n += 1) for (const log of logs) log.add(() => lineOf('x'.repeat(100)))
    const alone = open({ ref: { ...ref, invocation: 'alone' } })
    for (let n = 0; n < 100_000; n += 1) alone.add(() => lineOf('x'.repeat(100)))
    held.release()
    await Promise.all([...logs, alone].map((log) => log.close()))
    const together = await Promise.all(['a', 'b', 'c', 'd'].map(async (invocation) => counts(await kept(invocation))))
    for (const { kept: whole, dropped } of together) expect(whole + dropped).toBe(100_000)
    const sum = together.reduce((total, { kept: whole }) => total + whole, 0)
    expect(sum).toBeLessThanOrEqual(counts(await kept('alone')).kept)
  })

  it('counts the lines of a part that the store did not take, and says why', async () => {
    const write = store.write.bind(store)
    let failures = 2
    store.write = async (...args) => {
      if (failures-- > 0) throw new StackError('unavailable', 'The store is away.')
      return write(...args)
    }
    const log = open()
    const written = 20_000
    for (let n = 0; n < written; n += 1) log.add(() => lineOf('x'.repeat(100)))
    await log.close()
    const { kept: whole, dropped } = counts(await kept())
    expect(dropped).toBeGreaterThan(0)
    expect(whole + dropped).toBe(written)
    const said = shown.filter(({ level }) => level === 'warn').map(({ message }) => message)
    expect(said.filter((message) => message.includes('could not be kept: The store is away.'))).toHaveLength(2)
    expect(said.at(-1)).toContain('the artifact store did not take them')
  })

  it('ends where the store takes nothing at all', async () => {
    store.write = () => Promise.reject(new Error('no'))
    const log = open()
    log.add(() => lineOf('lost'))
    await log.close()
    expect(shown.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('1 lines of the log were dropped'),
    )
  })

  it('goes on where a line cannot be shown, or where showing it logs another', async () => {
    const log: LogParts = open({
      show: ({ message }) => {
        if (message === 'first') log.add(() => lineOf('second'))
        throw new Error('nobody listens')
      },
    })
    log.add(() => lineOf('first'))
    await log.close()
    expect((await kept()).map(({ message }) => message)).toEqual(['first'])
  })

  it('cuts what is too long after secrets were taken out of it, and takes whatever it is given', async () => {
    const secret = 'hunter2hunter2'
    const log = open({ redact: (value) => JSON.parse(JSON.stringify(value).replaceAll(secret, '[secret]')) })
    const before = 'x'.repeat(64 * 1024 - 64 - 5)
    const circle: Record<string, unknown> = {}
    circle.circle = circle
    const strange = {
      toString() {
        throw new Error('no')
      },
    }
    log.add(() => lineOf(`${before}${secret}${'y'.repeat(10_000_000)}`))
    log.add(() => ({ ...lineOf('fields'), fields: { long: 'z'.repeat(1_000_000), secret } }))
    for (const fields of [circle, { big: 1n }, () => {}, 'text', [secret], null])
      log.add(() => ({ ...lineOf('strange'), fields: fields as never }))
    for (const message of [strange, undefined, Symbol('s'), Object.create(null)])
      log.add(() => lineOf(message as unknown as string))
    await log.close()
    const lines = await kept()
    expect(lines).toHaveLength(12)
    expect(lines[0]?.message).toMatch(/^x+\[secr… \(10000003 more characters were cut\)$/)
    expect(lines[1]?.fields).toEqual({ cut: expect.stringMatching(/characters$/) })
    expect(JSON.stringify(lines)).not.toContain('hunter2')
    for (const { message } of lines) expect(message).toBeTypeOf('string')
  })
})
