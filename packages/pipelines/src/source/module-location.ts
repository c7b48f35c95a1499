/** Tells each module of a bundle where it came from: `import.meta.url` and the like are those of the original file. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'rolldown'
import { sourceHash } from './file-signature.js'

/** The expressions that stand for a module's place in the bundle, as the bundler's `define`. */
export const locationNames = {
  'import.meta.url': '__stack_module().url',
  'import.meta.filename': '__stack_module().filename',
  'import.meta.dirname': '__stack_module().dirname',
  __filename: '__stack_module().filename',
  __dirname: '__stack_module().dirname',
} as const

/** Reads the user's files, notes their hashes by path, and declares the place of those that ask for it. */
export function locationPlugin(files: Map<string, string>): Plugin {
  return {
    name: 'module-location',
    load: {
      filter: { id: /^[^\0].*\.([cm]?[jt]sx?|json)$/ },
      handler(path) {
        // One after the other: few files may be open.
        const contents = readFileSync(path)
        files.set(path, sourceHash(contents))
        return withLocation(path, withoutByteOrderMark(contents.toString('utf8')))
      },
    },
  }
}

/** A function that is declared behind the user's code can be called before it, and moves no line or column of theirs. */
function withLocation(path: string, text: string): string {
  if (path.endsWith('.json') || !/import\s*\.\s*meta|__(?:dir|file)name/.test(text)) return text
  const location = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  return `${text}\nfunction __stack_module() { return ${JSON.stringify(location)} }`
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
