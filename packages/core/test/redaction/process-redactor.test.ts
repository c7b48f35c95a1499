import { inspect } from 'node:util'
import { expect, test, vi } from 'vitest'

test('what one copy of core knows every other takes out, whichever was loaded first', async () => {
  const first = await import('../../src/redaction/process-redactor.js')
  vi.resetModules()
  const second = await import('../../src/redaction/process-redactor.js')
  expect(second.processRedactor).not.toBe(first.processRedactor)
  first.processRedactor().add('known-to-the-first')
  second.processRedactor().add('known-to-the-second')
  for (const { processRedactor } of [first, second]) {
    expect(processRedactor().redact('known-to-the-first known-to-the-second')).toBe('[secret] [secret]')
  }
})

test('the global object does not show what is known', async () => {
  const { processRedactor } = await import('../../src/redaction/process-redactor.js')
  processRedactor().add('never-inspected')
  expect(inspect(globalThis, { depth: 3, showHidden: false })).not.toContain('never-inspected')
})
