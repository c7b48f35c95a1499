/** Proves that a flavor's entry imports and validates while none of its dependencies can be loaded. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { FlavorHandle } from '@stack/core/host'
import { exports as resolveExports } from 'resolve.exports'
import { readJson } from './flavor-package-files.js'

/** Refuses what the package's own files import, but for core and zod; what core itself imports is its own affair. */
const hooks = `
import { isBuiltin } from 'node:module'
let root
export const initialize = (data) => { root = data.root }
const bare = /^(?![./]|node:|file:|data:|#)/
const allowed = /^(@stack\\/core|zod)(\\/|$)/
export const resolve = (specifier, context, next) => {
  const own = context.parentURL?.startsWith(root) && !context.parentURL.slice(root.length).includes('node_modules')
  if (own && bare.test(specifier) && !allowed.test(specifier) && !isBuiltin(specifier)) {
    throw new Error('imports "' + specifier + '" from ' + context.parentURL.slice(root.length))
  }
  return next(specifier, context)
}`

/** Imports the entry in a process with the hooks, and has its schemas judge a few values. */
const program = `
import { createRequire, isBuiltin, register } from 'node:module'
import { fileURLToPath } from 'node:url'
const [entry, root, hooks, type, name] = process.argv.slice(1)
register('data:text/javascript,' + encodeURIComponent(hooks), { data: { root } })
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
