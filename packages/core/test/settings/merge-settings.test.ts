import { expect, test } from 'vitest'
import { mergeSettings, type SettingsTarget } from '../../src/settings/merge-settings.js'

const targets: readonly SettingsTarget[] = [
  {
    type: 'orchestrator',
    name: 'default',
    flavor: 'local',
    settings: { concurrency: 2, limits: { cpu: 1, memory: 1 } },
  },
  { type: 'alerter', name: 'ops', flavor: 'slack', settings: {} },
  { type: 'alerter', name: 'dev', flavor: 'mail', settings: { to: ['a'] } },
]

test('component < type < type.flavor < type:component, objects by key, other values whole', () => {
  const { settings, problems, ignored } = mergeSettings(targets, {
    'alerter:dev': { to: ['c'] },
    alerter: { color: 'red', to: ['b'] },
    'alerter.slack': { color: 'blue' },
    orchestrator: { limits: { cpu: 4 } },
  })
  expect(settings).toEqual([
    { concurrency: 2, limits: { cpu: 4, memory: 1 } },
    { color: 'blue', to: ['b'] },
    { color: 'red', to: ['c'] },
  ])
  expect([problems, ignored]).toEqual([[], []])
})

test('an unknown type is a problem with a suggestion', () => {
  expect(mergeSettings(targets, { alerters: {}, '': {} }).problems).toMatchObject([
    { path: 'alerters', message: expect.stringContaining('Did you mean "alerter"?') },
    { path: '' },
  ])
})

test('a flavor, a component or a type that the stack does not have is ignored, and told', () => {
  const { problems, ignored } = mergeSettings(targets, {
    'alerter.slak': {},
    'alerter:dvv': {},
    annotator: {},
    'orchestrator.k8s': {},
  })
  expect(problems).toEqual([])
  expect(ignored).toEqual([
    {
      path: 'alerter.slak',
      message: 'concerns nothing: the stack has no alerter of the flavor "slak". Did you mean "slack"?',
    },
    { path: 'alerter:dvv', message: 'concerns nothing: the stack has no alerter "dvv". Did you mean "dev"?' },
    { path: 'annotator', message: 'concerns nothing: the stack has no annotator' },
    { path: 'orchestrator.k8s', message: 'concerns nothing: the stack has no orchestrator of the flavor "k8s".' },
  ])
})

test('__proto__ in an override changes no prototype', () => {
  const { settings } = mergeSettings(targets, { alerter: JSON.parse('{"__proto__":{"polluted":true}}') })
  expect((settings[1] as { polluted?: boolean }).polluted).toBeUndefined()
  expect({}).not.toHaveProperty('polluted')
})
