/** Reads the file of `--config FILE`. */
import { resolve } from 'node:path'
import { isStackError, StackError } from '@stack/core'
import { TimeOver, valueFault, WorkTime } from '@stack/core/host'
import type { GivenValues } from './collect-fields.js'
import { readGivenFile } from './given-file.js'

/**
 * Reads a JSON or YAML file that holds one object.
 * @throws StackError those of {@link readGivenFile} and of {@link parseConfig}.
 */
export async function readConfigFile(path: string, cwd: string): Promise<GivenValues> {
  const hint = 'Give --config the path of a JSON or YAML file.'
  const text = await readGivenFile({ path, cwd, label: 'The config file', hint })
  return parseConfig(text, resolve(cwd, path))
}

/**
 * Reads the text of a config file: JSON where its name says so, else YAML.
 * @throws StackError `usage` where it is neither or no object, `invalid-config` where it holds what is no JSON value.
 */
export async function parseConfig(text: string, file: string): Promise<GivenValues> {
  const value = await parse(text, file)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StackError('usage', `The config file "${file}" must hold one object of fields.`, {
      hint: 'Write one line for each field, as in "path: ./artifacts".',
    })
  }
  const fault = valueFault(value)
  if (fault === undefined) return value as GivenValues
  throw new StackError('invalid-config', `The config file "${file}" holds what no config can have.`, {
    problems: [fault],
    hint: 'Write values as JSON has them: texts, finite numbers, true, false, null, lists and objects.',
  })
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
  try {
    return new WorkTime().run(() => {
      const document = yaml.parseDocument(text, { logLevel: 'error' })
      const [error] = document.errors
      if (error !== undefined) throw unparsable(file, `is not YAML (${error.code})`, error.linePos?.[0].line)
      return document.toJS({ maxAliasCount: 100 })
    })
  } catch (error) {
    throw isStackError(error) ? error : unparsable(file, yamlFault(error))
  }
}

function yamlFault(error: unknown): string {
  if (error instanceof TimeOver) return 'takes longer than two seconds to be read as YAML; JSON is read faster'
  if (error instanceof RangeError) return 'is nested too deeply'
  return 'is YAML with aliases of nothing, or too many of them'
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
