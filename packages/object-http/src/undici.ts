/**
 * What is used of undici, file by file: all of it takes 100 ms to load, of which these are a third. They are required, since
 * Node reads a CommonJS file that is imported twice more, for its format and for its names.
 */
import { createRequire } from 'node:module'
import type * as Undici from 'undici'

const load = createRequire(import.meta.url)

export const Pool: typeof Undici.Pool = load('undici/lib/dispatcher/pool.js')
export const errors: typeof Undici.errors = load('undici/lib/core/errors.js')

/** The rest, which hardly anybody needs. */
export const loadUndici = (): typeof Undici => load('undici')
