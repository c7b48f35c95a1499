import { describe, expect, it } from 'vitest'
import { type FieldFlags, fieldFlagNames, findField } from '../../src/flags/field-flags.js'
import { toFlagName } from '../../src/flags/field-name.js'

const schema = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    json: { type: 'boolean' },
    clientKwargs: { type: 'object', additionalProperties: {} },
    retry_policy: { type: 'object', properties: { maxAttempts: { type: 'integer' } }, additionalProperties: false },
  },
  additionalProperties: false,
}
const fields: FieldFlags = {
  targets: [{ name: 'config', schema, bare: true, reserved: ['json'] }],
  sections: () => [],
  hint: '',
}

describe('the flags of a schema', () => {
  it('are kebab-case, and the spelling of the schema is accepted', () => {
    expect(['clientKwargs', 'client_kwargs', 's3AdditionalKwargs', 'endpointURL'].map(toFlagName)).toEqual([
      'client-kwargs',
      'client-kwargs',
      's3-additional-kwargs',
      'endpoint-url',
    ])
    expect(findField(fields, 'client-kwargs')?.path).toEqual(['clientKwargs'])
    expect(findField(fields, 'clientKwargs')?.path).toEqual(['clientKwargs'])
    expect(findField(fields, 'retry-policy.max-attempts')?.path).toEqual(['retry_policy', 'maxAttempts'])
  })

  it('keep the keys of an open object as they are written', () => {
    expect(findField(fields, 'client-kwargs.region_name')?.path).toEqual(['clientKwargs', 'region_name'])
  })

  it('leave a name of the program to the program, and have it with the prefix', () => {
    expect(findField(fields, 'json')).toBeUndefined()
    expect(findField(fields, 'config.json')).toEqual({ target: 'config', path: ['json'], isBoolean: true })
  })

  it('are no fields the schema does not have, nor the prototype', () => {
    for (const flag of [
      'pth',
      'config.pth',
      'path.x',
      'retry-policy.x',
      'config.',
      '__proto__',
      'client-kwargs.__proto__',
    ]) {
      expect(findField(fields, flag)).toBeUndefined()
    }
  })

  it('are listed for suggestions with what lies inside', () => {
    expect(fieldFlagNames(fields)).toContain('retry-policy.max-attempts')
    expect(fieldFlagNames(fields)).not.toContain('json')
    expect(fieldFlagNames(fields)).toContain('config.json')
  })
})
