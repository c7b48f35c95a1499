import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { processOwner, shownStatus } from '../../src/run/run-owner.js'

describe('shownStatus', () => {
  it('shows a run of this process as running', () => {
    expect(shownStatus({ status: 'running', owner: processOwner() })).toBe('running')
  })

  it('shows a run as interrupted whose process was killed', async () => {
    const url = new URL('../../dist/host/index.js', import.meta.url).href
    const program = `import(${JSON.stringify(url)}).then((m) => { console.log(m.processOwner()); setInterval(() => {}, 1000) })`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const owner = line.toString().trim()
    expect(shownStatus({ status: 'running', owner })).toBe('running')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(shownStatus({ status: 'running', owner })).toBe('interrupted')
  })

  it('is not deceived by a later process with the same id', () => {
    expect(shownStatus({ status: 'running', owner: `${hostname()}:${process.pid}:1` })).toBe('interrupted')
  })

  it('says nothing of a process on another host, nor of a run without an owner', () => {
    expect(shownStatus({ status: 'running', owner: 'elsewhere:1:1' })).toBe('running')
    expect(shownStatus({ status: 'running', owner: null })).toBe('running')
  })

  it('leaves a run that has ended as it ended', () => {
    expect(shownStatus({ status: 'failed', owner: `${hostname()}:${process.pid}:1` })).toBe('failed')
  })
})
