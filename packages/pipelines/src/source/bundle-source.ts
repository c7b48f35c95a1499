/** Bundles a source file with everything of the user's that it imports. */
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { toCompileError } from './compile-error.js'
import { ConsultedFiles } from './consulted-files.js'
import { locationNames, locationPlugin } from './module-location.js'
import { packagesPlugin } from './resolve-packages.js'

/** What a bundle is made of, and made into. */
export interface SourceBundle {
  /** The entry's file name among the outputs. */
  readonly entry: string
  readonly outputs: readonly { readonly name: string; readonly contents: Uint8Array }[]
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
  const files = new Map<string, string>()
  const consulted = new ConsultedFiles()
  const result = await build({
    ...esbuildOptions(entry, options),
    plugins: [packagesPlugin(consulted), locationPlugin(files)],
  }).catch((error: unknown) => {
    throw toCompileError(error, options.projectRoot)
  })
  for (const file of files.keys()) consulted.addConfigs(file)
  return {
    entry: entryName(result.metafile.outputs),
    outputs: result.outputFiles.map(({ path, contents }) => ({ name: basename(path), contents })),
    files: Object.fromEntries(files),
    consulted: consulted.signatures(),
  }
}

function esbuildOptions(entry: string, { directory, projectRoot }: BundleOptions) {
  return {
    entryPoints: [entry],
    absWorkingDir: projectRoot,
    outdir: directory,
    entryNames: '[name]-[hash]',
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

function entryName(outputs: Readonly<Record<string, { readonly entryPoint?: string }>>): string {
  // Dynamic imports are entry points too; the file that was asked for comes first.
  const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint !== undefined) ?? ['']
  return basename(path)
}
