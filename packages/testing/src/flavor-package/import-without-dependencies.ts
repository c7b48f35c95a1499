/** Proves that a flavor's entry imports and validates while none of its dependencies can be loaded, and loads little. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { FlavorHandle } from '@stack/core/host'
import { exports as resolveExports } from 'resolve.exports'
import { readJson } from './flavor-package-files.js'

/**
 * What an entry may load of its own: enough for a dozen flavors, each with config and descriptor, and far too little for an
 * implementation or a generated client. Counted, not timed, so that it holds on every machine.
 */
export const importBudget = { modules: 40, bytes: 256 * 1024 }

/** Refuses what the package's own files import, but for core and zod; what core itself imports is its own affair. */
const hooks = `
import { isBuiltin } from 'node:module'
let root, budget, modules = 0, bytes = 0
export const initialize = (data) => { root = data.root; budget = data.budget }
const bare = /^(?![./]|node:|file:|data:|#)/
const allowed = /^(@stack\\/core|zod)(\\/|$)/
export const resolve = (specifier, context, next) => {
  const own = context.parentURL?.startsWith(root) && !context.parentURL.slice(root.length).includes('node_modules')
  if (own && bare.test(specifier) && !allowed.test(specifier) && !isBuiltin(specifier)) {
    throw new Error('imports "' + specifier + '" from ' + context.parentURL.slice(root.length))
  }
  return next(specifier, context)
}
export const load = async (url, context, next) => {
  const result = await next(url, context)
  if (!url.startsWith(root) || url.slice(root.length).includes('node_modules')) return result
  modules += 1
  bytes += result.source?.length ?? 0
  if (modules > budget.modules) throw new Error('loads more than ' + budget.modules + ' modules of its own')
  if (bytes > budget.bytes) throw new Error('loads more than ' + budget.bytes / 1024 + ' KiB of its own')
  return result
}`

/** Imports the entry in a process with the hooks, and has its schemas judge a few values. */
const program = `
import { createRequire, isBuiltin, register } from 'node:module'
import { fileURLToPath } from 'node:url'
const [entry, root, hooks, budget, type, name] = process.argv.slice(1)
register('data:text/javascript,' + encodeURIComponent(hooks), { data: { root, budget: JSON.parse(budget) } })
const Module = createRequire(import.meta.url)('node:module')
const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, parent, ...rest) {
  const own = parent?.filename?.startsWith(fileURLToPath(root)) && !parent.filename.slice(fileURLToPath(root).length).includes('node_modules')
  if (own && /^[^./#]/.test(request) && !isBuiltin(request) && !/^(@stack\\/core|zod)(\\/|$)/.test(request)) {
    throw new Error('requires "' + request + '" from ' + parent.filename.slice(fileURLToPath(root).length))
  }
  return resolveFilename.call(this, request, parent, ...rest)
}
const exported = Object.values(await import(entry))
const flavor = exported.find((value) => value?.type === type && value?.name === name)
if (flavor === undefined) throw new Error('no flavor ' + type + '/' + name + ' is exported')
for (const value of [{}, { unknownField: 1 }, null]) {
  await flavor.config.safeParseAsync(value)
  await flavor.settings.safeParseAsync(value)
}
`

/** Rejects with what the entry imports too early, or why it does not import. */
export async function importWithoutDependencies(handle: FlavorHandle): Promise<void> {
  const root = realpathSync(handle.root)
  const target = resolveExports(readJson(root, 'package.json') as { name: string }, handle.entry ?? '.')?.[0]
  assert.ok(target !== undefined, `The package has no export "${handle.entry}".`)
  const entry = pathToFileURL(join(root, target)).href
  const args = [
    '--input-type=module',
    '--eval',
    program,
    '--',
    entry,
    `${pathToFileURL(root).href}/`,
    hooks,
    JSON.stringify(importBudget),
    handle.type,
    handle.name,
  ]
  try {
    await promisify(execFile)(process.execPath, args, { timeout: 30_000, env: { ...process.env, NODE_OPTIONS: '' } })
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    const reason = /^(?:\w*Error[^:]*): (.*)$/m.exec(stderr)?.[1] ?? stderr
    assert.fail(`The entry ${handle.entry} cannot be imported without the package's dependencies: it ${reason}`)
  }
}
