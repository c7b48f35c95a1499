/** Leads stack traces out of bundles, back to the user's TypeScript. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { TraceMap } from '@jridgewell/trace-mapping'
import type { SourcePosition } from './source-position.js'

/** Directories of bundles, the same for every copy of this package. */
const key = Symbol.for('@stack/pipelines/bundle-directories')
const holder = globalThis as { [key]?: Set<string> }
holder[key] ??= new Set()
const directories = holder[key]

const maps = new Map<string, TraceMap | null>()

/** Notes a directory whose files are bundles with source maps beside them. */
export function registerBundles(directory: string): void {
  directories.add(directory.endsWith(sep) ? directory : directory + sep)
}

/**
 * Rewrites the stack of an error, and of what caused it, so that frames name the user's files. What is no error, or was
 * thrown outside of bundles, stays as it is; the mapping is loaded only where a frame needs it.
 */
export function mapStack(error: unknown, seen = new Set<unknown>()): void {
  if (!(error instanceof Error) || seen.has(error)) return
  seen.add(error)
  const { stack } = error
  if (typeof stack === 'string' && stack.includes('.mjs:')) {
    const mapped = stack.replace(
      /^(\s+at .*?)(file:\/\/\S+?\.mjs):(\d+):(\d+)/gm,
      (frame, before, place, line, column) => {
        const position = originalPosition(place, Number(line), Number(column))
        return position === undefined ? frame : `${before}${position.file}:${position.line}:${position.column}`
      },
    )
    if (mapped !== stack) Object.defineProperty(error, 'stack', { value: mapped, configurable: true, writable: true })
  }
  mapStack(error.cause, seen)
  if (error instanceof AggregateError) for (const inner of error.errors) mapStack(inner, seen)
}

/** The first place of a mapped stack that is in a file of the user's. */
export function firstPosition(error: unknown): SourcePosition | undefined {
  if (!(error instanceof Error)) return undefined
  for (const frame of error.stack?.split('\n') ?? []) {
    const match = /^\s+at (?:async )?(?:(?![/\\]|file:|[A-Za-z]:[/\\]).*? \()?(.+?):(\d+):(\d+)\)?$/.exec(frame)
    const [, place = '', line, column] = match ?? []
    if (place === '' || place.startsWith('node:') || place.includes('node_modules')) continue
    const file = place.startsWith('file://') ? fileURLToPath(place) : place
    if (file.startsWith(ownDirectory) || !/^([/\\]|[A-Za-z]:)/.test(file)) continue
    return { file, line: Number(line), column: Number(column) }
  }
  return undefined
}

const ownDirectory = fileURLToPath(new URL('..', import.meta.url))

function originalPosition(place: string, line: number, column: number): SourcePosition | undefined {
  const path = fileURLToPath(place)
  if (![...directories].some((directory) => path.startsWith(directory))) return undefined
  const map = readMap(path)
  if (map === null) return undefined
  const { originalPositionFor } = traceMapping()
  const found = originalPositionFor(map, { line, column: column - 1 })
  if (found.source === null) return undefined
  return { file: fileURLToPath(found.source), line: found.line, column: found.column + 1 }
}

function readMap(path: string): TraceMap | null {
  let map = maps.get(path)
  if (map === undefined) {
    const { TraceMap } = traceMapping()
    try {
      map = new TraceMap(readFileSync(`${path}.map`, 'utf8'), pathToFileURL(`${path}.map`).href)
    } catch {
      // A bundle that lost its map: its frames stay as they are.
      map = null
    }
    maps.set(path, map)
  }
  return map
}

/** Loaded on the first error only, at once: a stack is mapped before anybody reads it. */
function traceMapping(): typeof import('@jridgewell/trace-mapping') {
  return createRequire(import.meta.url)('@jridgewell/trace-mapping')
}
