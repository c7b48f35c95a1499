import { describe, expect, it } from 'vitest'
import { showsOutput } from './shown-output.js'

describe('showsOutput', () => {
  it('leaves ids, times, durations, the width of columns and empty lines aside', () => {
    const shown = ['NAME    ID', 'one     0197c9f4-0000-7000-8000-000000000000   12 ms   2026-11-25T10:00:00Z']
    const printed = ['NAME\tID', '', 'one\t0197c9f4-1234-7abc-8def-0123456789ab\t1.5 s\t2030-01-02T03:04:05.678Z']
    expect(showsOutput(shown, printed, '/tmp/project')).toBe(true)
  })

  it('reads the project as the folder that documents speak of', () => {
    expect(showsOutput(['in /home/you/project/.stack'], ['in /tmp/project/.stack'], '/tmp/project')).toBe(true)
  })

  it('lets … stand for any lines, also none', () => {
    expect(showsOutput(['a', '…', 'z'], ['a', 'b', 'c', 'z'], '/p')).toBe(true)
    expect(showsOutput(['a', '…'], ['a'], '/p')).toBe(true)
    expect(showsOutput(['a', '…', 'z'], ['a', 'b'], '/p')).toBe(false)
  })

  it('refuses another word, a line too many and a line too few', () => {
    expect(showsOutput(['status ok'], ['status invalid'], '/p')).toBe(false)
    expect(showsOutput(['a'], ['a', 'b'], '/p')).toBe(false)
    expect(showsOutput(['a', 'b'], ['a'], '/p')).toBe(false)
  })
})
