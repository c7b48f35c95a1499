/** Finds decorators that Node does not know: the bundler compiles those of TypeScript's `experimentalDecorators` only. */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { StackError } from '@stack/core'
import type { OutputChunk } from 'rolldown'
import { parseSync } from 'rolldown/utils'
import { displayPosition, type SourcePosition } from './source-position.js'

/** Where a bundle will be, and for which project. */
export interface BundlePlace {
  readonly directory: string
  readonly projectRoot: string
}

/**
 * Refuses a bundle with decorators that were not compiled.
 * @throws StackError `source-error` with the place of the first one.
 */
export function refuseStandardDecorators(chunk: OutputChunk, { directory, projectRoot }: BundlePlace): void {
  if (!/@[\w$([]/.test(chunk.code)) return
  const start = firstDecorator(parseSync(chunk.fileName, chunk.code).program)
  if (start === undefined) return
  const position = originalPosition(chunk, start, directory)
  const at = position === undefined ? chunk.fileName : displayPosition(position, projectRoot)
  throw new StackError('source-error', `${at} does not compile: Node has no decorators`, {
    hint: 'Set "experimentalDecorators": true in the compilerOptions of tsconfig.json, or call the decorator as a function.',
    details: position === undefined ? {} : { location: position },
  })
}

function firstDecorator(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  const { decorators, ...rest } = node as { readonly decorators?: readonly { readonly start: number }[] }
  if (decorators?.[0] !== undefined) return decorators[0].start
  for (const inner of Object.values(rest)) {
    const found = firstDecorator(inner)
    if (found !== undefined) return found
  }
  return undefined
}

function originalPosition({ code, map }: OutputChunk, start: number, directory: string): SourcePosition | undefined {
  if (map === null) return undefined
  const before = code.slice(0, start).split('\n')
  const found = originalPositionFor(new TraceMap(JSON.stringify(map), `${pathToFileURL(directory).href}/`), {
    line: before.length,
    column: before.at(-1)?.length ?? 0,
  })
  if (found.source === null) return undefined
  return { file: fileURLToPath(found.source), line: found.line, column: found.column + 1 }
}
