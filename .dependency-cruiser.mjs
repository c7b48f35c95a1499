/** The arrows between packages: cli → { pipelines, project } → core ← integrations, testing → core. */
const only = (from, allowed) => ({
  name: `${from.replaceAll('/', '-')}-arrows`,
  severity: 'error',
  from: { path: `^${from}/src` },
  to: { path: '^(packages|integrations|examples)/', pathNot: [`^${from}/`, ...allowed.map((name) => `^${name}/`)] },
})

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('packages/core', []),
    only('packages/project', ['packages/core']),
    only('packages/pipelines', ['packages/core']),
    only('packages/testing', ['packages/core']),
    only('packages/cli', ['packages/core', 'packages/project', 'packages/pipelines']),
    only('integrations/[^/]+', ['packages/core']),
    {
      name: 'no-foreign-internals',
      comment: 'A package is used through its exports, never through its src.',
      severity: 'error',
      from: { path: '^(packages|integrations|examples)/([^/]+)/' },
      to: { path: '^(packages|integrations)/([^/]+)/src', pathNot: '^$1/$2/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', '/test/', 'node_modules/(?!@stack)'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default', 'types'] },
  },
}
