import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeDirectory, stack } from '../program.js'

const own = {
  'node_modules/@stack/cli/package.json': '{ "name": "@stack/cli", "bin": { "stack": "./dist/stack.cjs" } }',
  'node_modules/@stack/cli/dist/stack.cjs': "console.log('own', process.argv.slice(2).join(' '))",
}

describe('a stack installed elsewhere', () => {
  it("hands over to the project's own, also from a directory within and by --project", async () => {
    const root = makeDirectory(own)
    mkdirSync(join(root, 'a', 'b'), { recursive: true })
    expect((await stack(join(root, 'a', 'b'), ['list', '--json'])).stdout).toBe('own list --json\n')
    expect((await stack(makeDirectory(), ['list', '--project', root])).stdout).toBe(`own list --project ${root}\n`)
    expect((await stack(makeDirectory(), ['list'], { STACK_PROJECT: root })).stdout).toBe('own list\n')
  })

  it("runs itself where the project's own is damaged", async () => {
    const root = makeDirectory({ ...own, 'node_modules/@stack/cli/package.json': '{' })
    expect((await stack(root, ['version', '-q'])).stdout).toMatch(/^\d/)
  })
})
