/**
 * Bundles the code of a package into `dist`: a file for each of its exports, one for what several of them share, and what `import()`
 * names in files of its own. Each file that Node opens costs about half a millisecond; tsc writes the types beside them.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { licensesFile, licensesOf } from './third-party-licenses.mjs'

/** Bundles the package that stands in `directory`; its dependencies are imported, but for those that are to be `inlined`. */
export async function bundlePackage(directory, { plugins = [], inlined = [] } = {}) {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const imported = Object.keys(manifest.dependencies).filter((name) => !inlined.includes(name))
  const shared = new Set()
  const bundle = await rolldown({
    cwd: directory,
    input: entriesOf(manifest),
    platform: 'node',
    external: imported.map((name) => new RegExp(`^${name}(/|$)`)),
    resolve: { mainFields: ['module', 'main'] },
    // What only one export and its chunks need stays in its file.
    preserveEntrySignatures: 'allow-extension',
    plugins: [...plugins, findShared(shared)],
  })
  const { output } = await bundle.write({
    dir: join(directory, 'dist'),
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [{ name: 'shared', test: (id) => shared.has(id), includeDependenciesRecursively: false }],
    },
    // Names stay, for whoever reads a stack trace.
    minify: {
      compress: true,
      mangle: { keepNames: { function: true, class: true } },
      codegen: { removeWhitespace: true },
    },
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  const licenses = await licensesOf(output.flatMap(({ moduleIds = [] }) => moduleIds))
  if (licenses !== '') await writeFile(join(directory, 'dist', licensesFile), licenses)
  await removeOthers(join(directory, 'dist'), new Set(output.map(({ fileName }) => fileName)))
}

/** By the path below `dist`, without extension: the source of each export. */
function entriesOf({ exports }) {
  const files = Object.values(exports).flatMap((target) => target.default ?? [])
  const names = files.map((file) => /^\.\/dist\/(.+)\.js$/.exec(file)[1])
  return Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]))
}

/** Collects the modules that an entry needs at once and another needs too, at once or on use. */
function findShared(shared) {
  return {
    name: 'find-shared',
    buildEnd() {
      const modules = [...this.getModuleIds()].map((id) => this.getModuleInfo(id))
      const entries = modules.filter(({ isEntry }) => isEntry).map(({ id }) => id)
      const atOnce = (id) => this.getModuleInfo(id)?.importedIds ?? []
      const everything = (id) => [...atOnce(id), ...(this.getModuleInfo(id)?.dynamicallyImportedIds ?? [])]
      for (const entry of entries) {
        const others = entries.filter((id) => id !== entry).flatMap((id) => [...reachable(id, everything)])
        for (const id of reachable(entry, atOnce)) if (others.includes(id)) shared.add(id)
      }
    },
  }
}

function reachable(start, next) {
  const found = new Set([start])
  for (const id of found) for (const each of next(id)) found.add(each)
  return found
}

/** Removes the code of earlier builds; only now, so that a program that runs meanwhile finds what it loads. */
async function removeOthers(dist, files) {
  for (const name of await readdir(dist, { recursive: true })) {
    if (/\.c?js(\.map)?$/.test(name) && !files.has(name)) await rm(join(dist, name))
  }
}
