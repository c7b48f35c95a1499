import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectFields } from '../../src/flags/collect-fields.js'
import type { FieldFlags } from '../../src/flags/field-flags.js'

const schema = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    kwargs: { type: 'object', additionalProperties: {} },
    tags: { type: 'array', items: { type: 'string' } },
  },
  additionalProperties: false,
}
const fields: FieldFlags = {
  targets: [{ name: 'config', schema, bare: true, reserved: [] }],
  sections: () => [],
  hint: '',
}
const field = (path: string, text: string) => ({ target: 'config', path: path.split('.'), text, flag: path })

describe('fields given by flags', () => {
  it('nest, gather and win over the file they are laid onto', async () => {
    const values = [field('kwargs.region', 'eu'), field('tags', 'a'), field('tags', 'b'), field('path', 'x')]
    const onto = { path: 'y', kwargs: { zone: 1 } }
    expect(await collectFields(fields, values, 'config', { cwd: '/', onto })).toEqual({
      path: 'x',
      kwargs: { zone: 1, region: 'eu' },
      tags: ['a', 'b'],
    })
    expect(onto).toEqual({ path: 'y', kwargs: { zone: 1 } })
  })

  it('are read from a file after an at sign, and two at signs are one', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'stack-cli-'))
    await writeFile(join(cwd, 'value.txt'), 'from a file\n')
    const given = (text: string) => collectFields(fields, [field('path', text)], 'config', { cwd })
    expect(await given('@value.txt')).toEqual({ path: 'from a file' })
    expect(await given('@@value.txt')).toEqual({ path: '@value.txt' })
    await expect(given('@absent.txt')).rejects.toMatchObject({ code: 'not-found' })
  })
})
