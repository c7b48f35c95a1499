/** Proves that what npm would pack of a flavor package is what users need, and no more. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readJson, readManifest } from './flavor-package-files.js'

/** Tests, and what they or builds leave behind. */
const unwanted =
  /(^|\/)(tests?|__tests__|__snapshots__|coverage|\.turbo)\/|\.(test|spec)(-d)?\.[cm]?[jt]sx?$|\.tsbuildinfo$/

/** Rejects with what is missing from the tarball, or should not be in it. */
export async function checkPackedFiles(root: string): Promise<void> {
  const packed = new Set(await packedFiles(root))
  const missing = [...new Set(namedFiles(root))].filter((path) => !packed.has(path))
  assert.deepEqual(missing, [], 'The package.json names files that npm does not pack; build them, and see "files"')
  const extra = [...packed].filter((path) => unwanted.test(path))
  assert.deepEqual(extra, [], 'npm packs files that are of no use to users; see "files"')
}

/** What package.json names: the schemas of its flavors, and the targets of its exports. */
function namedFiles(root: string): readonly string[] {
  const { exports } = readJson(root, 'package.json') as { readonly exports?: unknown }
  const schemas = readManifest(root).flavors.flatMap(({ configSchema, settingsSchema }) => [
    configSchema,
    ...(settingsSchema === undefined ? [] : [settingsSchema]),
  ])
  const files = [...schemas, ...targetsOf(exports)].filter((path) => !path.includes('*'))
  return files.map((path) => path.replace(/^\.\//, ''))
}

function targetsOf(exports: unknown): readonly string[] {
  if (typeof exports === 'string') return [exports]
  return typeof exports === 'object' && exports !== null ? Object.values(exports).flatMap(targetsOf) : []
}

async function packedFiles(root: string): Promise<readonly string[]> {
  // Scripts of the package would build it, or run this test again.
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = await promisify(execFile)(npm, args, {
    ...{ cwd: root, maxBuffer: 64 * 2 ** 20, shell: process.platform === 'win32' },
    env: { ...process.env, npm_config_offline: 'true' },
  })
  // A list, or since npm 12 an object by name.
  const [report] = Object.values(JSON.parse(stdout) as Record<string, { files: readonly { path: string }[] }>)
  return (report?.files ?? []).map(({ path }) => path)
}
