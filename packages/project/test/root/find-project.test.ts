import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findProject } from '../../src/root/find-project.js'
import { temporaryDirectory } from '../temporary-project.js'

describe('findProject', () => {
  it('searches upward for .stack/', () => {
    const root = temporaryDirectory()
    mkdirSync(join(root, '.stack'))
    mkdirSync(join(root, 'a/b'), { recursive: true })
    expect(findProject({ cwd: join(root, 'a/b'), env: {} })).toEqual({ root, initialised: true })
  })

  it('does not take a file called .stack for a project', () => {
    const root = temporaryDirectory()
    writeFileSync(join(root, '.stack'), '')
    expect(findProject({ cwd: root, env: {} }).initialised).toBe(false)
  })

  it('uses the current directory where there is none, with a warning that names it', () => {
    const root = temporaryDirectory()
    expect(findProject({ cwd: root, env: {} })).toEqual({
      root,
      initialised: false,
      warning: {
        code: 'not-initialised',
        message: expect.stringContaining(root),
        hint: expect.stringContaining('stack init'),
      },
    })
  })

  it('lets --project win over STACK_PROJECT, and both over the search', () => {
    const root = temporaryDirectory()
    for (const name of ['here/.stack', 'flag', 'env/.stack']) mkdirSync(join(root, name), { recursive: true })
    const cwd = join(root, 'here')
    const env = { STACK_PROJECT: join(root, 'env') }
    expect(findProject({ cwd, env, project: '../flag' })).toEqual({ root: join(root, 'flag'), initialised: false })
    expect(findProject({ cwd, env })).toEqual({ root: join(root, 'env'), initialised: true })
    expect(findProject({ cwd, env: { STACK_PROJECT: '' } })).toEqual({ root: cwd, initialised: true })
  })

  it('refuses a given directory that is not there', () => {
    const root = temporaryDirectory()
    const find = () => findProject({ cwd: root, env: {}, project: 'nowhere' })
    expect(find).toThrow(expect.objectContaining({ code: 'not-found', message: expect.stringContaining('nowhere') }))
  })
})
