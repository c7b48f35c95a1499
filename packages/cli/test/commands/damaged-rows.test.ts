/** One damaged record of a project's database is reported, and hides no other. */
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { linkPackages, makeDirectory, stack } from '../program.js'

const source = `import { pipeline, step } from '@stack/pipelines'
export const p = pipeline({ name: 'p', run: () => step({ name: 's', run: () => 1 })() })`

/** Changes rows as a broken disk does, below the program. */
function damage(root: string, sql: string): void {
  const database = new Database(join(root, '.stack/project.db'))
  database.exec(sql)
  database.close()
}

/** A project with three runs. */
async function withRuns(): Promise<string> {
  const root = makeDirectory({ 'p.ts': source, 'package.json': '{ "type": "module" }' })
  linkPackages(root)
  for (let run = 0; run < 3; run++) expect((await stack(root, ['run', 'p.ts'])).exitCode).toBe(0)
  return root
}

const lines = (text: string) => text.trim().split('\n').filter(Boolean)

describe('a damaged record', () => {
  it('of a run, a step run or an artifact leaves the others in the lists', async () => {
    const root = await withRuns()
    const ids = lines((await stack(root, ['runs', 'list', '-q'])).stdout)
    const artifacts = lines((await stack(root, ['artifact', 'list', '-q'])).stdout)
    expect([ids.length, artifacts.length]).toEqual([3, 3])
    const [newest = '', ...older] = ids
    const [, damagedArtifact = ''] = artifacts
    // Cut JSON in one, bytes that are no UTF-8 in the other: libsql ends the process on those.
    damage(root, `UPDATE run SET params = substr(params, 1, 1) WHERE id = '${newest}'`)
    damage(root, `UPDATE artifact SET metadata = CAST(x'7bff7d' AS TEXT) WHERE id = '${damagedArtifact}'`)

    const listed = await stack(root, ['runs', 'list', '--json'])
    expect(listed.exitCode).toBe(0)
    expect((listed.json().data as unknown as { id: string }[]).map(({ id }) => id)).toEqual(older)
    expect(listed.json().warnings).toEqual([
      expect.objectContaining({
        code: 'database-corrupt',
        message: expect.stringMatching(new RegExp(`"${newest}" in the table run .* its "params" is not a JSON object`)),
        hint: expect.stringContaining('DELETE FROM run WHERE rowid = 3'),
      }),
    ])
    // A damaged record takes no sound one's place, and "latest" is the latest that can be read.
    expect(lines((await stack(root, ['runs', 'list', '-q', '--limit', '2'])).stdout)).toEqual(older)
    expect(lines((await stack(root, ['runs', 'describe', 'latest', '-q'])).stdout)[0]).toBe(older[0])

    const shown = await stack(root, ['artifact', 'list', '-q'])
    expect(lines(shown.stdout)).toEqual(artifacts.filter((id) => id !== damagedArtifact))
    expect(shown.stderr).toContain(damagedArtifact)

    for (const argv of [
      ['runs', 'describe', newest],
      ['runs', 'logs', newest],
      ['artifact', 'describe', damagedArtifact],
      ['artifact', 'get', damagedArtifact],
    ]) {
      const { exitCode, json } = await stack(root, [...argv, '--json'])
      expect([argv, exitCode, json().error?.code]).toEqual([argv, 8, 'database-corrupt'])
      expect(json().error?.hint).toContain('sqlite3')
    }

    damage(root, `UPDATE step_run SET outputs = '[1]' WHERE run = '${older[0]}'`)
    const described = await stack(root, ['runs', 'describe', older[0] ?? '', '--json'])
    expect(described.exitCode).toBe(0)
    expect(described.json().warnings?.[0]?.message).toContain('step_run')

    // The next run is recorded all the same.
    expect((await stack(root, ['run', 'p.ts'])).exitCode).toBe(0)
    expect(lines((await stack(root, ['runs', 'list', '-q'])).stdout)).toHaveLength(3)
  }, 120_000)

  it('of a component or a stack leaves the others, and can be deleted', async () => {
    const root = makeDirectory({ 'p.ts': source, 'package.json': '{ "type": "module" }' })
    linkPackages(root)
    for (const name of ['one', 'two']) {
      await stack(root, ['artifact-store', 'register', name, '--flavor=local', `--path=./${name}`])
      await stack(root, ['register', name, '--artifact-store', name, '--orchestrator', 'default'])
    }
    damage(root, "UPDATE component SET config = '{\"path\":' WHERE name = 'one'")
    damage(root, "UPDATE stack SET updated_at = CAST(x'ff' AS TEXT) WHERE name = 'two'")

    const stores = await stack(root, ['artifact-store', 'list', '--json'])
    expect((stores.json().data as unknown as { name: string }[]).map(({ name }) => name)).toEqual(['default', 'two'])
    expect(stores.json().warnings).toEqual([
      expect.objectContaining({ code: 'database-corrupt', hint: expect.stringContaining('artifact-store delete one') }),
    ])

    const stacks = await stack(root, ['list', '--json'])
    expect(stacks.exitCode).toBe(0)
    const rows = stacks.json().data as unknown as { name: string; status: string }[]
    expect(rows.map(({ name, status }) => [name, status])).toEqual([
      ['default', 'ok'],
      ['one', 'invalid'],
    ])
    expect(stacks.json().warnings).toHaveLength(2)

    // What uses a damaged component says so and never goes on without it.
    for (const argv of [
      ['artifact-store', 'describe', 'one'],
      ['artifact-store', 'verify', 'one'],
      ['run', 'p.ts', '--stack', 'one'],
      ['update', 'one', '--orchestrator', 'default'],
      ['describe', 'two'],
      ['copy', 'two', 'three'],
    ]) {
      const { exitCode, json } = await stack(root, [...argv, '--json'])
      expect([argv, exitCode, json().error?.code]).toEqual([argv, 8, 'database-corrupt'])
    }
    const validated = await stack(root, ['validate', 'one', '--json'])
    expect(validated.stdout).toContain('cannot be read')

    expect((await stack(root, ['delete', 'two', '--json'])).exitCode).toBe(0)
    expect((await stack(root, ['artifact-store', 'delete', 'one', '--json'])).json().error?.code).toBe('in-use')
    expect((await stack(root, ['update', 'one', '--artifact-store', 'default'])).exitCode).toBe(0)
    expect((await stack(root, ['artifact-store', 'delete', 'one'])).exitCode).toBe(0)
    expect((await stack(root, ['list', '--json'])).json().warnings).toEqual([])
  }, 120_000)

  it('of a flavor registered by source leaves the other flavors', async () => {
    const root = makeDirectory()
    await stack(root, ['init'])
    damage(
      root,
      `INSERT INTO source_flavor VALUES ('1', 'artifact-store', 'cut', 'a.ts#a', '{"contract":', '{}', 1, '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z');
       INSERT INTO source_flavor VALUES ('2', 'artifact-store', 'other', 'a.ts#b', '{"contract":"1"}', '{}', 1, '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z')`,
    )
    const { exitCode, json } = await stack(root, ['artifact-store', 'flavor', 'list', '--json'])
    const rows = json().data as unknown as { name: string; status: string }[]
    expect([exitCode, rows.map(({ name, status }) => [name, status])]).toEqual([
      0,
      [
        ['local', 'ok'],
        ['other', 'invalid'],
      ],
    ])
    expect(json().warnings).toEqual([
      expect.objectContaining({ hint: expect.stringContaining('stack artifact-store flavor delete cut') }),
    ])
    for (const name of ['cut', 'other'])
      expect((await stack(root, ['artifact-store', 'flavor', 'delete', name])).exitCode).toBe(0)
    expect((await stack(root, ['flavor', 'list', '--json'])).json().warnings).toEqual([])
  }, 60_000)

  it('is told in at most some twenty warnings, whatever there are', async () => {
    const root = makeDirectory()
    await stack(root, ['init'])
    damage(
      root,
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
       INSERT INTO run SELECT i, 'run-' || i, 'p', 's', 'failed', '2026-01-02T03:04:05.678Z', NULL, iif(i = 1, '{}', '{'), '{}', '{}',
         'a', NULL, NULL, 1, '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z' FROM n`,
    )
    const { exitCode, stdout, json } = await stack(root, ['runs', 'list', '--json'])
    expect([exitCode, (json().data as unknown as unknown[]).length]).toEqual([0, 1])
    expect(json().warnings).toHaveLength(21)
    expect(stdout.length).toBeLessThan(20_000)
  })
})
