/** The dependencies a project and the workspace around it declare. */
import { join } from 'node:path'
import { isPackageName } from '../../flavor/manifest.js'
import type { ConsultedPaths } from './consulted-paths.js'
import { readPackageJson, upward } from './package-json.js'

/** The names one package.json declares. */
export interface Declaration {
  readonly directory: string
  readonly origin: 'project' | 'workspace'
  readonly names: readonly string[]
}

const workspaceFile = 'pnpm-workspace.yaml'

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/**
 * The declarations from the project upward to the workspace root; the nearest package.json is the project's own.
 * @throws StackError `permission-denied` where one above the project belongs to somebody else.
 */
export function declaredPackages(paths: ConsultedPaths, projectRoot: string): readonly Declaration[] {
  const found: { readonly directory: string; readonly json: Record<string, unknown>; readonly isRoot: boolean }[] = []
  for (const directory of upward(projectRoot)) {
    const json = readPackageJson(paths, join(directory, 'package.json'))
    const isRoot = json?.workspaces !== undefined || paths.exists(join(directory, workspaceFile))
    if (json !== undefined) found.push({ directory, json, isRoot })
    if (isRoot) break
  }
  // Without a workspace root above it, a package.json further up is none of this project's business.
  const isWorkspace = found.at(-1)?.isRoot === true
  return (isWorkspace ? found : found.slice(0, 1)).map(({ directory, json, isRoot }, index) => {
    paths.requireTrusted(join(directory, 'package.json'))
    if (isRoot) paths.requireTrusted(join(directory, workspaceFile))
    return { directory, origin: index === 0 ? 'project' : 'workspace', names: dependencyNames(json) }
  })
}

function dependencyNames(json: Record<string, unknown>): readonly string[] {
  const names = new Set<string>()
  for (const field of dependencyFields) {
    const dependencies = json[field]
    if (typeof dependencies !== 'object' || dependencies === null) continue
    for (const name of Object.keys(dependencies)) if (isPackageName(name)) names.add(name)
  }
  return [...names]
}
