/** Makes source maps right where a file's code was shifted, for whoever reads them: Stack, Node, a debugger. */
import { dirname, resolve } from 'node:path'
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import type { SourceFile } from './module-location.js'

/** Gives a map in which the columns of shifted lines are those of the user's file. */
export function correctSourceMap(path: string, text: string, files: ReadonlyMap<string, SourceFile>): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[]; readonly mappings: string }
  const shifts = map.sources.map((source) => files.get(resolve(dirname(path), source))?.shift)
  if (shifts.every((shift) => shift === undefined)) return text
  const correct = (segment: SourceMapSegment): SourceMapSegment => {
    if (segment.length === 1) return segment
    const [column, source, line, original, ...name] = segment
    const shift = shifts[source]
    if (shift === undefined || line !== shift.line - 1) return segment
    return [column, source, line, Math.max(0, original - shift.length), ...name] as SourceMapSegment
  }
  return JSON.stringify({ ...map, mappings: encode(decode(map.mappings).map((line) => line.map(correct))) })
}
