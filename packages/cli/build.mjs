/**
 * Bundles the program as CommonJS, which starts faster than ESM, in chunks that are run when they are first needed.
 *
 * esbuild splits ESM only, so it happens in two steps: ESM chunks in memory, then each made CommonJS. What nearly every command
 * needs becomes functions within `stack.cjs`, because a file costs more to open than a function to skip; every other chunk is a
 * file, because what is skipped must be parsed all the same. An import of a chunk becomes a call of `__load`, one of Node's dearer
 * modules a `__lazy` that loads it when it is used; every other `import()` stays one, as the code of flavors and pipelines needs.
 */
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { licensesFile, licensesOf } from '../../scripts/third-party-licenses.mjs'
import { libsqlNative } from './libsql-native.mjs'
import { namedImports } from './named-imports.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const dist = join(root, 'dist')
const format = {
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
}

const sourceOf = (name, file) => join(root, '..', name, 'src', file)

/** Sources that nearly every command runs, with all that they import. */
const common = [
  'src/stack.ts',
  'src/program/open-project.ts',
  'src/program/show-help.ts',
  'src/output/render-error.ts',
  'src/output/render-json.ts',
  'src/output/render-view.ts',
]

const { outputFiles, metafile } = await build({
  ...format,
  absWorkingDir: root,
  entryPoints: { stack: 'src/stack.ts' },
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  format: 'esm',
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  external: ['@stack/pipelines', '@stack/flavor-local'],
  logLevel: 'warning',
  plugins: [
    libsqlNative,
    namedImports({
      filter: /packages[\\/](cli|core|project)[\\/]src[\\/].*\.ts$/,
      indexes: {
        '@stack/core': sourceOf('core', 'index.ts'),
        '@stack/core/host': sourceOf('core', 'host/index.ts'),
        '@stack/project': sourceOf('project', 'index.ts'),
      },
    }),
  ],
})

/** The chunks of some sources and all that these import. */
function reachable(sources) {
  const found = new Set()
  const visit = (path) => {
    if (found.has(basename(path))) return
    found.add(basename(path))
    for (const { path: next, kind, external } of metafile.outputs[path].imports) {
      if (kind === 'import-statement' && external !== true) visit(next)
    }
  }
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) if (sources.includes(entryPoint)) visit(path)
  return found
}

async function toCommonJs(text) {
  const esm = text.replaceAll(/\bimport\("(\.\/[^"]+\.cjs)"\)/g, 'Promise.resolve().then(()=>require("$1"))')
  const { code } = await transform(esm, { ...format, format: 'cjs', define: { 'import.meta.url': '__fileUrl' } })
  return code
    .replaceAll(/\brequire\("(\.\/[^"]+\.cjs)"\)/g, '__load("$1")')
    .replaceAll(/=require\("node:(crypto|module|os|vm)"\)/g, '=__lazy("node:$1")')
}

/** esbuild's own functions at the head of a chunk, which chunks within one file share. */
const helpersPattern = /^(?:"use strict";)?var __[\s\S]*?\b__toCommonJS=.*?"__esModule",\{value:!0\}\),mod\);/
const [helpers] = helpersPattern.exec(await toCommonJs('import one from "one";export const two=one'))

const parameters = '(exports,require,module,__load,__lazy,__fileUrl)'
const loader = `const __fileUrl=require("node:url").pathToFileURL(__filename).href,__loaded={};
function __load(name){
  if(__loaded[name])return __loaded[name].exports;
  const module=__loaded[name]={exports:{}};
  (__chunks[name]??require(name))(module.exports,require,module,__load,__lazy,__fileUrl);
  return module.exports;
}
function __lazy(name){
  return new Proxy({},{get:(_,key)=>require(name)[key]});
}`

const files = new Map()
const functions = []
const within = reachable(common)
for (const { path, text } of outputFiles) {
  const name = basename(path)
  const code = await toCommonJs(text)
  if (within.has(name)) functions.push(`"./${name}":function${parameters}{${code.replace(helpersPattern, '')}}`)
  else files.set(name, `module.exports=function${parameters}{${code}}`)
}
const chunks = `const __chunks={${functions.join(',\n')}};`
files.set('stack.cjs', `#!/usr/bin/env node\n${helpers}\n${loader}\n${chunks}\n__load("./stack.cjs");\n`)

files.set(licensesFile, await licensesOf(Object.keys(metafile.inputs).map((input) => join(root, input))))

// What is new is written before what is old is removed, so that a program that runs meanwhile finds its chunks.
await mkdir(dist, { recursive: true })
for (const [name, code] of files) await writeFile(join(dist, name), code)
await chmod(join(dist, 'stack.cjs'), 0o755)
for (const name of await readdir(dist)) if (!files.has(name)) await rm(join(dist, name), { recursive: true })
