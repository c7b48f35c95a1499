/**
 * The arrows between packages: cli → { pipelines, project } → core ← integrations, testing → core;
 * integrations on object stores → object-http → core.
 * Types count as much as values, and a package found through node_modules counts as the folder it stands in.
 */
const workspace = '^(packages|integrations|examples|benchmarks)/'

const only = (from, allowed) => ({
  name: `${from.replace('[^/]+', 'all').replaceAll('/', '-')}-arrows`,
  severity: 'error',
  from: { path: `^${from}/src/` },
  to: { path: workspace, pathNot: [`^${from}/`, ...allowed.map((name) => `^${name}/`)] },
})

export default {
  forbidden: [
    only('packages/core', []),
    only('packages/project', ['packages/core']),
    only('packages/pipelines', ['packages/core']),
    only('packages/testing', ['packages/core']),
    only('packages/cli', ['packages/core', 'packages/project', 'packages/pipelines']),
    only('packages/object-http', ['packages/core']),
    only('integrations/[^/]+', ['packages/core', 'packages/object-http']),
    {
      name: 'no-circular',
      comment: 'Values never import each other in a circle; types may, and what is imported on use.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'no-foreign-internals',
      comment: 'A package is used through its exports, never through its src.',
      severity: 'error',
      from: { path: `${workspace}([^/]+)/` },
      to: { path: '^(packages|integrations)/[^/]+/src/', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that cannot be followed is an arrow that cannot be checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['^(packages|integrations|examples)/[^/]+/test/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}
