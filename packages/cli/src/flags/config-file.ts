/** Reads the file of `--config FILE`. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileErrorMeaning, StackError } from '@stack/core'
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
    const { code, reason } = fileErrorMeaning(cause) ?? { code: 'not-found', reason: String(cause) }
    throw new StackError(code, `The config file "${file}" cannot be read: ${reason}.`, {
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

/** Nothing of the content is repeated where it cannot be parsed: it may hold a secret. */
async function parse(text: string, file: string): Promise<unknown> {
  if (file.endsWith('.json')) {
    try {
      return JSON.parse(text)
    } catch (error) {
      const position = /at position (\d+)/.exec(String(error))?.[1]
      throw unparsable(file, 'is not JSON', position === undefined ? undefined : lineAt(text, Number(position)))
    }
  }
  const { default: yaml } = await import('yaml')
  const document = yaml.parseDocument(text)
  const [error] = document.errors
  if (error !== undefined) throw unparsable(file, `is not YAML (${error.code})`, error.linePos?.[0].line)
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    throw unparsable(file, 'is YAML with aliases of nothing, or too many of them')
  }
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

function unparsable(file: string, reason: string, line?: number): StackError {
  const place = line === undefined ? '' : `: see line ${line}`
  return new StackError('usage', `The config file "${file}" ${reason}${place}.`, {
    hint: 'Write it as JSON or as YAML.',
  })
}
