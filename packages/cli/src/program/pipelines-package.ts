/** `@stack/pipelines`, imported from where the user's code finds it, so that a process holds one copy of it. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LoadedSource, type SourceLoader, StackError } from '@stack/core'

/** What programs use of `@stack/pipelines`. */
export type PipelinesHost = typeof import('@stack/pipelines/host')

/**
 * Imports the copy that resolves from a directory of the user's, else the one that the program depends on.
 * @throws StackError `unavailable` where there is neither.
 */
export async function importPipelines(directory: string): Promise<PipelinesHost> {
  for (const base of [join(directory, 'package.json'), import.meta.url]) {
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
      loader ??= importPipelines(projectRoot).then(({ createSourceLoader }) => createSourceLoader({ projectRoot }))
      return (await loader).load(file)
    },
  }
}

function resolveFrom(base: string): string | undefined {
  try {
    return createRequire(base).resolve('@stack/pipelines/host')
  } catch {
    return undefined
  }
}
