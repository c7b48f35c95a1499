/**
 * Bundles the program as CommonJS, which starts faster than ESM, with a chunk for each command.
 *
 * esbuild splits ESM only, so it happens in two steps: ESM chunks in memory, then each made CommonJS. An import of a chunk
 * becomes a `require`; every other `import()` stays one, as the code of flavors and pipelines needs.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { namedImports } from './named-imports.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const dist = join(root, 'dist')
const target = 'node20.19'

const chunks = await build({
  absWorkingDir: root,
  entryPoints: { stack: 'src/stack.ts' },
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target,
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  chunkNames: 'chunks/[name]-[hash]',
  external: ['libsql', 'esbuild', '@stack/pipelines', '@stack/flavor-local'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [
    namedImports({
      filter: /packages[\\/](cli[\\/]src|project[\\/]dist)[\\/].*\.[jt]s$/,
      packages: ['@stack/core', '@stack/core/host', '@stack/project'],
    }),
  ],
})

await rm(dist, { recursive: true, force: true })
for (const { path, text } of chunks.outputFiles) {
  const esm = text.replaceAll(/\bimport\("(\.{1,2}\/[^"]+\.cjs)"\)/g, 'Promise.resolve().then(()=>require("$1"))')
  const { code } = await transform(esm, {
    format: 'cjs',
    platform: 'node',
    target,
    define: { 'import.meta.url': '__fileUrl' },
    banner: 'const __fileUrl=require("node:url").pathToFileURL(__filename).href;',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
  })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, path.endsWith('stack.cjs') ? `#!/usr/bin/env node\n${code}` : code)
}
await chmod(join(dist, 'stack.cjs'), 0o755)
