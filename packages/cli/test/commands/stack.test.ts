import { describe, expect, it } from 'vitest'
import { makeDirectory, stack } from '../program.js'

async function project(): Promise<string> {
  const root = makeDirectory()
  await stack(root, ['init'])
  await stack(root, ['artifact-store', 'register', 'scratch', '--flavor=local', '--path=./scratch'])
  return root
}

describe('stack init', () => {
  it('makes a project with a default stack that is active, once', async () => {
    const root = makeDirectory()
    expect((await stack(root, ['init', '--json'])).json().data).toEqual({ root, created: true })
    expect((await stack(root, ['init', '--json'])).json().data).toEqual({ root, created: false })
    const { json } = await stack(root, ['list', '--json'])
    expect(json().data).toMatchObject([
      {
        name: 'default',
        active: true,
        status: 'ok',
        components: { orchestrator: ['default'], 'artifact-store': ['default'] },
      },
    ])
  })

  it('makes the project that --project or STACK_PROJECT names', async () => {
    const [root, other] = [makeDirectory(), makeDirectory()]
    await stack(other, ['init', '--project', root])
    const { json } = await stack(other, ['get', '--json'], { STACK_PROJECT: root })
    expect(json()).toMatchObject({ data: { name: 'default' }, warnings: [] })
    expect((await stack(other, ['list', '--project', '/no/such/directory', '--json'])).exitCode).toBe(3)
  })
})

describe('stack verbs', () => {
  it('register a stack, make it active, and read the same under their noun', async () => {
    const root = await project()
    const argv = ['register', 'prod', '--artifact-store', 'scratch', '--orchestrator', 'default', '--set', '--json']
    expect((await stack(root, argv)).json().data).toMatchObject({
      name: 'prod',
      active: true,
      status: 'ok',
      components: { 'artifact-store': ['scratch'], orchestrator: ['default'] },
    })
    expect((await stack(root, ['get'])).stdout).toBe('prod\n')
    expect((await stack(root, ['stack', 'describe', '--json'])).json().data).toMatchObject({ name: 'prod' })
    expect((await stack(root, ['get', '-q'], { STACK_ACTIVE_STACK: 'default' })).stdout).toBe('default\n')
    expect((await stack(root, ['set', 'default', '--json'])).json().data).toMatchObject({ active: true })
  })

  it('update, rename, copy, validate and delete', async () => {
    const root = await project()
    await stack(root, ['copy', 'default', 'two'])
    const updated = await stack(root, ['update', 'two', '--artifact-store=scratch', '--json'])
    expect(updated.json().data).toMatchObject({
      components: { 'artifact-store': ['scratch'], orchestrator: ['default'] },
    })
    expect((await stack(root, ['validate', 'two', '--json'])).exitCode).toBe(0)
    await stack(root, ['rename', 'two', 'three'])
    expect((await stack(root, ['list', '-q'])).stdout).toBe('default\nthree\n')
    expect((await stack(root, ['delete', 'three', '--json'])).json().data).toMatchObject({
      name: 'three',
      deleted: true,
    })
  })

  it('refuse to delete the active stack, and a component that a stack lacks', async () => {
    const root = await project()
    const active = await stack(root, ['delete', 'default', '--json'])
    expect([active.exitCode, active.json().error?.code]).toEqual([6, 'in-use'])
    const lacking = await stack(root, ['remove-component', 'default', '--alerter=none', '--json'])
    expect(lacking.exitCode).toBe(3)
  })

  it('refuse unknown components and stacks with a suggestion, and a stack that lacks what it needs', async () => {
    const root = await project()
    const component = await stack(root, [
      'register',
      'x',
      '--artifact-store=scrach',
      '--orchestrator=default',
      '--json',
    ])
    expect(component.exitCode).toBe(3)
    expect(JSON.stringify(component.json().error)).toContain('scratch')
    const missing = await stack(root, ['register', 'x', '--artifact-store=scratch', '--json'])
    expect([missing.exitCode, missing.json().error?.code]).toEqual([2, 'invalid-stack'])
    const unknown = await stack(root, ['set', 'defalt', '--json'])
    expect(unknown.exitCode).toBe(3)
    expect(unknown.json().error?.message).toContain('default')
    expect((await stack(root, ['list', '-q'])).stdout).toBe('default\n')
  })
})
