/** `@stack/pipelines`, imported from where the user's code finds it, so that a process holds one copy of it. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LoadedSource, type SourceLoader, StackError } from '@stack/core'
import { OutsideProject } from '@stack/core/host'

const packageName = '@stack/pipelines'

/** What programs use of `@stack/pipelines`. */
export type PipelinesHost = typeof import('@stack/pipelines/host')

/** For whom the package is looked up. */
export interface PipelinesLookup {
  readonly projectRoot: string
  /** Where the user's code is that will import it too; the project's root unless given. */
  readonly directory?: string
}

/**
 * Imports the copy that resolves from a directory of the user's, else the one that the program depends on.
 * @throws StackError `unavailable` where there is neither, `permission-denied` where the copy is in somebody else's
 * `node_modules`, outside of the project.
 */
export async function importPipelines({
  projectRoot,
  directory = projectRoot,
}: PipelinesLookup): Promise<PipelinesHost> {
  const own = join(directory, 'package.json')
  requireTrustedModules(own, projectRoot)
  for (const base of [own, import.meta.url]) {
    const file = resolveFrom(base)
    if (file !== undefined) return (await import(pathToFileURL(file).href)) as PipelinesHost
  }
  throw new StackError('unavailable', 'The package @stack/pipelines, which runs pipelines, is not installed.', {
    hint: 'npm install @stack/pipelines',
  })
}

/** A loader of the project's TypeScript that imports `@stack/pipelines` when it is first asked. */
export function sourceLoader(projectRoot: string): SourceLoader {
  let loader: Promise<SourceLoader> | undefined
  return {
    async load(file: string): Promise<LoadedSource> {
      loader ??= importPipelines({ projectRoot }).then(({ createSourceLoader }) => createSourceLoader({ projectRoot }))
      return (await loader).load(file)
    },
  }
}

/** Checks the first of the directories in which Node looks for the package that has it. */
function requireTrustedModules(base: string, projectRoot: string): void {
  const places = createRequire(base).resolve.paths(packageName) ?? []
  const modules = places.find((place) => existsSync(join(place, packageName)))
  if (modules !== undefined) new OutsideProject(projectRoot).requireTrusted(modules)
}

function resolveFrom(base: string): string | undefined {
  try {
    return createRequire(base).resolve(`${packageName}/host`)
  } catch {
    return undefined
  }
}
