/** Packs every public package of the workspace, as a release does, so that checks and tests see the tarball a user gets. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

/** The folders of the packages that are published: everything below packages/ and integrations/ that is not private. */
export function publicPackages() {
  return ['packages', 'integrations']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map((directory) => ({ directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
}

/** Packs them into `destination`, and gives each with the path of its tarball. */
export async function packPackages(destination) {
  const pnpm = join(root, 'node_modules/.bin/pnpm')
  return Promise.all(
    publicPackages().map(async ({ directory, manifest }) => {
      const { stdout } = await run(pnpm, ['pack', '--json', '--pack-destination', destination], { cwd: directory })
      return { name: manifest.name, version: manifest.version, directory, tarball: JSON.parse(stdout).filename }
    }),
  )
}
