/** Types that TypeScript passes on without the word `type`: without its checker they look like values that are missing. */
import { readFileSync } from 'node:fs'
import type { RolldownLog } from 'rolldown'

/** Whether a build failed for nothing but names that TypeScript files export from others, which may be types. */
export function onlyTypesAreMissing(error: unknown): boolean {
  const { errors = [] } = (error ?? {}) as { readonly errors?: readonly RolldownLog[] }
  return errors.length > 0 && errors.every(isExportFrom)
}

function isExportFrom({ code, loc }: RolldownLog): boolean {
  if (code !== 'MISSING_EXPORT' || loc?.file === undefined || !/\.[cm]?tsx?$/.test(loc.file)) return false
  const lines = readFileSync(loc.file, 'utf8').split('\n').slice(0, loc.line)
  const before = [...lines.slice(0, -1), lines.at(-1)?.slice(0, loc.column)].join('\n')
  return /\bexport\s*\{[^{}]*$/.test(before)
}
