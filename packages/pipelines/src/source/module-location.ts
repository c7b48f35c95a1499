/** Tells each module of a bundle where it came from: `import.meta.url` and the like are those of the original file. */
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { sourceHash } from './file-signature.js'

/** What stands for a module's place in the bundle, as esbuild's `define`. */
export const locationNames = {
  'import.meta.url': '__stack_url',
  'import.meta.filename': '__stack_filename',
  'import.meta.dirname': '__stack_dirname',
  __filename: '__stack_filename',
  __dirname: '__stack_dirname',
} as const

/** Reads the user's files, notes their hashes, and declares the place of those that ask for it. */
export function locationPlugin(files: Map<string, string>): Plugin {
  return {
    name: 'module-location',
    setup(build) {
      build.onLoad({ filter: /\.([cm]?[jt]sx?|json)$/, namespace: 'file' }, async ({ path }) => {
        const contents = await readFile(path)
        files.set(path, sourceHash(contents))
        const text = contents.toString('utf8')
        return { contents: path.endsWith('.json') ? text : withLocation(path, text), loader: 'default' }
      })
    },
  }
}

/** The count of characters put before the first line of a file's code; columns there are shifted by it. */
export function locationPrefixLength(path: string, text: string): number {
  return asksForLocation(text) ? locationPrefix(path).length : 0
}

function withLocation(path: string, text: string): string {
  if (!asksForLocation(text)) return text
  // On the first line, so that lines keep their numbers; behind a #! line, which must come first.
  const start = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
  return text.slice(0, start) + locationPrefix(path) + text.slice(start)
}

function asksForLocation(text: string): boolean {
  return /import\s*\.\s*meta|__(?:dir|file)name/.test(text)
}

function locationPrefix(path: string): string {
  const url = JSON.stringify(pathToFileURL(path).href)
  const filename = JSON.stringify(path)
  const directory = JSON.stringify(dirname(path))
  return `const __stack_url=${url},__stack_filename=${filename},__stack_dirname=${directory};`
}
