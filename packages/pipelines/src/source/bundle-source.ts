/** Bundles a source file with everything of the user's that it imports. */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { OutputChunk, RolldownLog, RolldownOptions, RolldownOutput } from 'rolldown'
import { rolldown } from 'rolldown'
import { commonJsPlugin } from './commonjs-packages.js'
import { compileError, toCompileError } from './compile-error.js'
import { type CompilerOptions, compilerOptions } from './compiler-options.js'
import { ConsultedFiles } from './consulted-files.js'
import { onlyTypesAreMissing } from './missing-types.js'
import { locationNames, locationPlugin } from './module-location.js'
import { nodeConditions } from './node-conditions.js'
import { type AbsentImport, packagesPlugin } from './resolve-packages.js'
import { refuseStandardDecorators } from './standard-decorators.js'

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
  const { directory, projectRoot } = options
  const files = new Map<string, string>()
  const consulted = new ConsultedFiles(projectRoot)
  const absent: AbsentImport[] = []
  const compiler = compilerOptions(entry, projectRoot)
  const { aliases } = compiler
  const attempt = (shimMissingExports: boolean) =>
    build({
      ...inputOptions(entry, projectRoot, compiler),
      shimMissingExports,
      plugins: [packagesPlugin(consulted, absent), commonJsPlugin(), locationPlugin(files)],
      logLevel: 'silent',
      output: outputOptions(entry, directory),
    })
  const { output } = await attempt(false)
    .catch((error: unknown) => {
      if (!onlyTypesAreMissing(error)) throw error
      absent.length = 0
      return attempt(true)
    })
    .catch((error: unknown) => {
      throw toCompileError(error, { projectRoot, aliases })
    })
  const chunks = output.filter((each) => each.type === 'chunk')
  const [entryChunk] = output
  // A package that only lazily imported code needs may be missing until that code is reached.
  const needed = eagerImports(entryChunk, chunks)
  const missing = absent.filter(({ place }) => needed.has(place)).map(toMessage)
  if (missing.length > 0) throw compileError(missing, { projectRoot, aliases })
  for (const chunk of chunks) refuseStandardDecorators(chunk, options)
  for (const file of files.keys()) consulted.addConfigs(file)
  return {
    entry: entryChunk.fileName,
    outputs: output.map((each) => ({
      name: each.fileName,
      contents: each.type === 'chunk' ? each.code : Buffer.from(each.source).toString('utf8'),
    })),
    files: Object.fromEntries(files),
    consulted: consulted.signatures(),
  }
}

async function build({ output, ...input }: RolldownOptions): Promise<RolldownOutput> {
  const bundle = await rolldown(input)
  try {
    return await bundle.generate(Array.isArray(output) ? output[0] : output)
  } finally {
    await bundle.close()
  }
}

function inputOptions(
  entry: string,
  projectRoot: string,
  { tsconfig, classicJsx, conditions }: CompilerOptions,
): RolldownOptions {
  return {
    input: { entry },
    cwd: projectRoot,
    platform: 'node',
    tsconfig,
    // What Node itself goes by, and what Node would run: nothing is dropped.
    resolve: { mainFields: ['main'], conditionNames: [...nodeConditions(), ...conditions] },
    treeshake: false,
    transform: {
      target: `node${process.versions.node}`,
      define: locationNames,
      ...(classicJsx ? {} : { jsx: { runtime: 'automatic' } }),
    },
    checks: { configurationFieldConflict: false },
  }
}

function outputOptions(entry: string, directory: string): RolldownOptions['output'] {
  return {
    dir: directory,
    format: 'esm',
    // Ends in .mjs, so that no package.json around the cache decides what it is.
    entryFileNames: 'entry-[hash].mjs',
    chunkFileNames: 'chunk-[hash].mjs',
    keepNames: true,
    minify: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
    // A map names its sources by relative URLs.
    sourcemapPathTransform: (source) => source.split(/[\\/]/).map(encodeURIComponent).join('/'),
    plugins: [requirePlugin(entry)],
  }
}

/** CommonJS sources in the bundle call `require`, which looks for packages from the entry file on, wherever the bundle is. */
function requirePlugin(entry: string) {
  const call = `createRequire(${JSON.stringify(pathToFileURL(entry).href)})`
  return {
    name: 'require-from-entry',
    renderChunk: (code: string) => code.replace('createRequire(import.meta.url)', () => call),
  }
}

/** The message that the bundler would have for an import of nothing. */
function toMessage({ specifier, importer }: AbsentImport): RolldownLog {
  const text = readFileSync(importer, 'utf8')
  const places = ['"', "'", '`'].map((quote) => text.indexOf(quote + specifier + quote)).filter((place) => place >= 0)
  const lines = text.slice(0, Math.min(...places, text.length)).split('\n')
  const loc = { file: importer, line: lines.length, column: lines.at(-1)?.length ?? 0 }
  return { code: 'UNRESOLVED_IMPORT', message: 'could not be resolved', exporter: specifier, id: importer, loc }
}

/** What importing the entry imports, not counting what dynamic imports reach. */
function eagerImports(entry: OutputChunk, chunks: readonly OutputChunk[]): ReadonlySet<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const reached = new Set<string>(entry.imports)
  for (const name of reached) for (const each of byName.get(name)?.imports ?? []) reached.add(each)
  return reached
}
