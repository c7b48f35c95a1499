/** Tells each module of a bundle where it came from: `import.meta.url` and the like are those of the original file. */
import { readFileSync } from 'node:fs'
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

/** A file as it was read. */
export interface SourceFile {
  readonly hash: string
  readonly shift: LocationShift | undefined
}

/** Reads the user's files, notes them, and declares the place of those that ask for it. */
export function locationPlugin(files: Map<string, SourceFile>): Plugin {
  return {
    name: 'module-location',
    setup(build) {
      build.onLoad({ filter: /\.([cm]?[jt]sx?|json)$/, namespace: 'file' }, ({ path }) => {
        // One after the other: esbuild asks for all files of a project at once, and few may be open.
        const contents = readFileSync(path)
        const text = contents.toString('utf8')
        files.set(path, { hash: sourceHash(contents), shift: locationShift(path, text) })
        return { contents: withLocation(path, text), loader: 'default' }
      })
    },
  }
}

/** Code that was put before a line's own; columns of that line are shifted by it. */
export interface LocationShift {
  /** From 1. */
  readonly line: number
  /** Characters. */
  readonly length: number
}

/** Where and how far the code of a file is shifted, if it is. */
export function locationShift(path: string, text: string): LocationShift | undefined {
  if (path.endsWith('.json') || !asksForLocation(text)) return undefined
  return { line: hasHashbang(text) ? 2 : 1, length: locationPrefix(path).length }
}

function withLocation(path: string, text: string): string {
  if (locationShift(path, text) === undefined) return text
  // On the first line, so that lines keep their numbers; behind a #! line, which must come first.
  const start = hasHashbang(text) ? text.indexOf('\n') + 1 : 0
  return text.slice(0, start) + locationPrefix(path) + text.slice(start)
}

function hasHashbang(text: string): boolean {
  return text.startsWith('#!')
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
