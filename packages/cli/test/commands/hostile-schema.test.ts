import { writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { flavorPackage, projectManifest } from '../flavor-package.js'
import { type HostileSchema, involvedSchemas, refusedSchemas } from '../hostile-schemas.js'
import { makeDirectory, stack } from '../program.js'

// The bounds are of the program's own time; a busy machine makes each command take longer.
vi.setConfig({ testTimeout: 180_000 })

const good = { type: 'object', properties: { path: { type: 'string' } } }

/** A project with a flavor of a schema, and with another one that is in order. */
function projectWith({ schema }: HostileSchema, kind: 'config' | 'settings' = 'config'): string {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema)
  expect(text.length).toBeLessThan(1024 * 1024)
  const bad = flavorPackage({
    name: 'flavor-bad',
    flavor: 'bad',
    schema: good,
    manifest: {
      flavors: [
        {
          type: 'artifact-store',
          name: 'bad',
          entry: './artifact-store',
          configSchema: kind === 'config' ? './bad.json' : './schemas/artifact-store.json',
          ...(kind === 'settings' ? { settingsSchema: './bad.json' } : {}),
        },
      ],
    },
  })
  return makeDirectory({
    ...projectManifest('flavor-bad', 'flavor-good'),
    ...bad,
    'node_modules/flavor-bad/bad.json': text,
    ...flavorPackage({ name: 'flavor-good', flavor: 'good', schema: good }),
    'config.json': JSON.stringify({ [`${'a'.repeat(60)}!`]: 1 }),
  })
}

const register = (flags: readonly string[]) => ['artifact-store', 'register', 'x', '--flavor=bad', '--json', ...flags]

/** What reads schemas, or could. */
const readers = [
  ['artifact-store', 'register', '--flavor=bad', '--help'],
  ['artifact-store', 'register', '--flavor=bad', '--help', '--json'],
  ['artifact-store', 'flavor', 'describe', 'bad'],
  ['artifact-store', 'flavor', 'describe', 'bad', '--json'],
]

describe.each(Object.entries(involvedSchemas))('%s', (_, hostile) => {
  it('is described, shown as help, and registered', async () => {
    const root = projectWith(hostile)
    for (const argv of [...readers, register(hostile.flags)]) {
      const { exitCode, stdout, stderr } = await stack(root, argv)
      expect(exitCode, `${argv.join(' ')}\n${stdout.slice(0, 500)}${stderr.slice(0, 500)}`).toBe(0)
      expect(stdout.length).toBeLessThan(16 * 2 ** 20)
    }
    const { json } = await stack(root, ['artifact-store', 'list', '--json'])
    expect(json().data).toContainEqual(expect.objectContaining({ name: 'x', status: 'ok' }))
  })
})

describe.each(Object.entries(refusedSchemas))('%s', (_, hostile) => {
  it('ends every command with a code that is known, and names what is wrong', async () => {
    const root = projectWith(hostile)
    for (const argv of readers) {
      const { exitCode, stdout, stderr } = await stack(root, argv)
      expect([0, 2], argv.join(' ') + stdout.slice(0, 500) + stderr.slice(0, 500)).toContain(exitCode)
      if (exitCode === 2) expect(stdout + stderr).toMatch(hostile.names)
      if (exitCode === 2 && argv.includes('--json')) expect(JSON.parse(stdout).error.code).toBe('invalid-manifest')
    }
    if (hostile.code === 'none') return
    const { exitCode, json, stdout } = await stack(root, register(hostile.flags))
    expect([exitCode, json().error?.code]).toEqual([2, hostile.code])
    expect(stdout).toMatch(hostile.names)
  })
})

it('a schema of settings is bounded as that of a config is', async () => {
  const slow = refusedSchemas['200 slow patterns']
  const root = projectWith(slow as HostileSchema, 'settings')
  const flags = slow?.flags.map((flag) => flag.replace('--', '--settings.')) ?? []
  const { json } = await stack(root, register([...flags, '--path=a']))
  expect(json().error).toMatchObject({ code: 'invalid-settings', problems: [{ path: 'settings.field0' }] })
})

it('components of a hostile flavor hold up no other, in any command', async () => {
  const slow = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
  const root = projectWith({ schema: good, flags: [] })
  for (const name of ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']) {
    await stack(root, ['artifact-store', 'register', name, '--flavor=bad', `--a=${'a'.repeat(60)}!`, '--json'])
  }
  await stack(root, ['artifact-store', 'register', 'fine', '--flavor=good', '--path=a'])
  await stack(root, ['register', 'mixed', '--artifact-store', 'b1', '--orchestrator', 'default'])
  writeFileSync(`${root}/node_modules/flavor-bad/bad.json`, JSON.stringify(slow))
  const listed = await stack(root, ['artifact-store', 'list', '--json'])
  const rows = (listed.json().data ?? []) as readonly { name: string; status: string }[]
  expect(Object.fromEntries(rows.map(({ name, status }) => [name, status]))).toEqual({
    ...{ b1: 'invalid', b2: 'invalid', b3: 'invalid', b4: 'invalid', b5: 'invalid', b6: 'invalid' },
    ...{ default: 'ok', fine: 'ok' },
  })
  const stacks = await stack(root, ['list', '--json'])
  expect(stacks.json().data).toContainEqual(expect.objectContaining({ name: 'default', status: 'ok' }))
  expect(stacks.json().data).toContainEqual(expect.objectContaining({ name: 'mixed', status: 'invalid' }))
  const valid = await stack(root, ['validate', 'mixed', '--json'])
  expect(valid.json().error).toMatchObject({ code: 'invalid-stack', problems: [{ path: 'artifact-store.b1' }] })
  expect((await stack(root, ['flavor', 'list', '--json'])).exitCode).toBe(0)
  const completed = await stack(root, ['complete', '--', 'artifact-store', 'describe', ''])
  expect(completed.stdout).toContain('b6\n')
})
