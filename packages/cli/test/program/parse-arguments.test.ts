import { describe, expect, it } from 'vitest'
import type { FieldFlags } from '../../src/flags/field-flags.js'
import { globalOptions } from '../../src/program/global-options.js'
import { parseArguments } from '../../src/program/parse-arguments.js'

const fields: FieldFlags = {
  targets: [
    {
      name: 'config',
      schema: {
        type: 'object',
        properties: { path: { type: 'string' }, durable: { type: 'boolean' }, port: { type: 'integer' } },
        additionalProperties: false,
      },
      bare: true,
      reserved: [],
    },
  ],
  sections: () => [],
  hint: 'stack artifact-store flavor describe local',
}
const options = [{ name: 'flavor', short: 'f', value: 'FLAVOR', summary: '' }, ...globalOptions]
const parse = (...argv: string[]) => parseArguments(argv, { words: 'stack x', options, fields })
const valuesOf = (...argv: string[]) => Object.fromEntries(parse(...argv).fields.map(({ flag, text }) => [flag, text]))

describe('arguments', () => {
  it('are operands, flags of the program and flags of the schema, in any order', () => {
    const parsed = parse('--path', 'a', 'prod', '--flavor=s3', '--json')
    expect(parsed.operands).toEqual(['prod'])
    expect(parsed.options.get('flavor')).toEqual(['s3'])
    expect(parsed.options.has('json')).toBe(true)
    expect(parsed.fields).toEqual([{ target: 'config', path: ['path'], text: 'a', flag: 'path' }])
  })

  it('take a value after an equals sign or a space, with anything in it', () => {
    expect(valuesOf('--path=a=b')).toEqual({ path: 'a=b' })
    expect(valuesOf('--path=--json')).toEqual({ path: '--json' })
    expect(valuesOf('--path=')).toEqual({ path: '' })
    expect(valuesOf('--port', '-5')).toEqual({ port: '-5' })
    expect(valuesOf('--path=a\nb')).toEqual({ path: 'a\nb' })
  })

  it('turn a boolean on, off, or as told', () => {
    expect(valuesOf('--durable')).toEqual({ durable: 'true' })
    expect(valuesOf('--no-durable')).toEqual({ durable: 'false' })
    expect(valuesOf('--durable=false')).toEqual({ durable: 'false' })
    expect(valuesOf('--durable', 'false')).toEqual({ durable: 'false' })
    expect(parse('--durable', 'prod').operands).toEqual(['prod'])
  })

  it('refuse a flag that is unknown, with a suggestion', () => {
    expect(() => parse('--pth', 'a')).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('"--path"') }),
    )
    expect(() => parse('--no-path')).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => parse('--__proto__=1')).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => parse('-z')).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  it('refuse a missing value and a value too many', () => {
    expect(() => parse('--path')).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => parse('--path', '--json')).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => parse('--json=yes')).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  it('are operands after two dashes', () => {
    expect(parse('--', '--path').operands).toEqual(['--path'])
  })

  it('pass unknown flags in a first reading, which keeps their values apart from operands', () => {
    const first = parseArguments(['--csv', 'data.csv', 'train.ts', '--x=1', '--flavor', 's3'], {
      words: 'stack x',
      options,
      lenient: true,
    })
    expect(first.operands).toEqual(['train.ts'])
    expect(first.options.get('flavor')).toEqual(['s3'])
  })
})
