/** Bundles a source file with everything of the user's that it imports. */
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { commonJsPlugin } from './commonjs-packages.js'
import { toCompileError } from './compile-error.js'
import { ConsultedFiles } from './consulted-files.js'
import { correctSourceMap } from './correct-source-map.js'
import { locationNames, locationPlugin, type SourceFile } from './module-location.js'
import { packagesPlugin } from './resolve-packages.js'

/** What a bundle is made of, and made into. */
export interface SourceBundle {
  /** The entry's file name among the outputs. */
  readonly entry: string
  readonly outputs: readonly { readonly name: string; readonly contents: string }[]
  /** `sha256:<hex>` of each source file, by absolute path. */
  readonly files: Readonly<Record<string, string>>
  readonly consulted: Readonly<Record<string, string | null>>
}

/** For whom a bundle is made. */
export interface BundleOptions {
  /** Where the outputs will be. */
  readonly directory: string
  readonly projectRoot: string
}

/**
 * Bundles a file.
 * @throws StackError `source-error` with the place of each error.
 */
export async function bundleSource(entry: string, options: BundleOptions): Promise<SourceBundle> {
  const files = new Map<string, SourceFile>()
  const consulted = new ConsultedFiles(options.projectRoot)
  const attempt = (missing?: Set<string>) =>
    build({
      ...esbuildOptions(entry, options),
      plugins: [packagesPlugin(consulted, missing), commonJsPlugin(), locationPlugin(files)],
    })
  const result = await attempt().catch(async (error: unknown) => {
    // A package that only lazily imported code needs may be missing until that code is reached.
    const missing = new Set<string>()
    const tolerant = await attempt(missing).catch(() => undefined)
    if (tolerant === undefined || importsEagerly(entry, options.projectRoot, tolerant.metafile, missing)) {
      throw toCompileError(error, options.projectRoot)
    }
    return tolerant
  })
  for (const file of files.keys()) consulted.addConfigs(file)
  return {
    entry: basename(entryOutput(entry, options.projectRoot, result.metafile)),
    outputs: result.outputFiles.map(({ path, text }) => ({
      name: basename(path),
      contents: path.endsWith('.map') ? correctSourceMap(path, text, files) : text,
    })),
    files: Object.fromEntries([...files].map(([path, { hash }]) => [path, hash])),
    consulted: consulted.signatures(),
  }
}

function esbuildOptions(entry: string, { directory, projectRoot }: BundleOptions) {
  return {
    entryPoints: [entry],
    absWorkingDir: projectRoot,
    outdir: directory,
    entryNames: 'entry-[hash]',
    chunkNames: 'chunk-[hash]',
    // Ends in .mjs, so that no package.json around the cache decides what it is.
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // Dynamic imports stay lazy.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    // What Node itself goes by.
    mainFields: ['main'],
    conditions: ['node-addons', ...(process.features.require_module ? ['module-sync'] : [])],
    define: locationNames,
    banner: { js: requireBanner(entry) },
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'silent',
  } as const satisfies BuildOptions
}

/** CommonJS sources in the bundle call `require`, which an ES module lacks. */
function requireBanner(entry: string): string {
  const url = JSON.stringify(pathToFileURL(entry).href)
  return `import { createRequire as __stackCreateRequire } from 'node:module'; const require = __stackCreateRequire(${url});`
}

/** Whether importing the entry imports one of the packages, not counting what dynamic imports reach. */
function importsEagerly(
  entry: string,
  projectRoot: string,
  metafile: Metafile,
  packages: ReadonlySet<string>,
): boolean {
  const reached = new Set<string>()
  const reaches = (path: string): boolean => {
    if (reached.has(path)) return false
    reached.add(path)
    return (metafile.outputs[path]?.imports ?? []).some(
      (each) =>
        each.kind === 'import-statement' && (each.external === true ? packages.has(each.path) : reaches(each.path)),
    )
  }
  return reaches(entryOutput(entry, projectRoot, metafile))
}

/** Dynamic imports are entry points too. */
function entryOutput(entry: string, projectRoot: string, { outputs }: Metafile): string {
  const found = Object.entries(outputs).find(
    ([, { entryPoint }]) => entryPoint !== undefined && resolve(projectRoot, entryPoint) === entry,
  )
  if (found === undefined) throw new Error(`esbuild made no output of ${entry}.`)
  return found[0]
}
