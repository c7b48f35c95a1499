/** Reads the file of `--config FILE`. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { StackError } from '@stack/core'
import type { GivenValues } from './collect-fields.js'

/**
 * Reads a JSON or YAML file that holds one object.
 * @throws StackError `not-found`, `usage`.
 */
export async function readConfigFile(path: string, cwd: string): Promise<GivenValues> {
  const file = resolve(cwd, path)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new StackError('not-found', `The config file "${file}" cannot be read.`, {
      cause,
      hint: 'Give --config the path of a JSON or YAML file.',
    })
  }
  const value = await parse(text, file)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StackError('usage', `The config file "${file}" must hold one object of fields.`, {
      hint: 'Write one line for each field, as in "path: ./artifacts".',
    })
  }
  return value as GivenValues
}

async function parse(text: string, file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(text)
    const { default: yaml } = await import('yaml')
    return yaml.parse(text, { maxAliasCount: 100 })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StackError('usage', `The config file "${file}" cannot be parsed: ${reason}`, {
      cause,
      hint: 'Write it as JSON or as YAML.',
    })
  }
}
