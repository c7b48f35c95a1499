/** What stands in the directories of a store and is in no listing: links that leave it, names that are no UTF-8, pipes, devices. */
import { readdirSync } from 'node:fs'
import type { OperationOptions } from '@stack/core'
import { readNames } from './local-names.js'
import { type LocalPaths, temporaryDirectory } from './local-paths.js'
import { meansAbsent, toStoreError } from './to-store-error.js'

/** Their paths, relative to the root. */
export async function* hiddenNames(
  paths: LocalPaths,
  options: OperationOptions,
): AsyncGenerator<string, void, undefined> {
  const ahead = ['']
  for (let key = ahead.pop(); key !== undefined; key = ahead.pop()) {
    const start = key === '' ? '' : `${key}/`
    const { directories, files, links } = await readNames(paths, key, options)
    const shown = new Set([...directories, ...files])
    for (const name of namesAt(paths.find(key))) {
      const unfinished = key === '' && name === temporaryDirectory
      if (!unfinished && !shown.has(name)) yield start + name
    }
    for (const name of directories) if (!links.has(name)) ahead.push(start + name)
  }
}

function namesAt(path: string | null): readonly string[] {
  try {
    return path === null ? [] : readdirSync(path)
  } catch (error) {
    if (meansAbsent(error)) return []
    throw toStoreError(error)
  }
}
