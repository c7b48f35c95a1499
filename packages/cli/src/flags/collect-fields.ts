/** Builds the objects that field flags describe, with `@file` read and values converted. */
import { type ErrorCode, type JsonValue, type Problem, StackError } from '@stack/core'
import { valueFault } from '@stack/core/host'
import { convertValues } from './convert-value.js'
import type { FieldFlags } from './field-flags.js'
import type { FieldValue } from './field-value.js'
import { readGivenFile } from './given-file.js'
import { isJsonObject } from './json-object.js'
import { type SchemaNode, stepInto } from './schema-node.js'

/** A config, settings or parameters as given. */
export type GivenValues = { [field: string]: JsonValue }

/**
 * The values given for one target, nested as its schema is; a field given later wins, arrays gather what is repeated.
 * @throws StackError `invalid-config`, `invalid-settings` or `invalid-params` for a number that JSON has not, or for too many levels.
 */
export async function collectFields(
  fields: FieldFlags | undefined,
  values: readonly FieldValue[],
  target: string,
  options: { readonly cwd: string; readonly onto?: GivenValues },
): Promise<GivenValues> {
  const schema = fields?.targets.find((candidate) => candidate.name === target)?.schema
  const result = structuredClone(options.onto ?? {})
  const given = new Map<string, { path: readonly string[]; texts: string[] }>()
  for (const value of values) {
    if (value.target !== target) continue
    const key = JSON.stringify(value.path)
    const entry = given.get(key) ?? { path: value.path, texts: [] }
    entry.texts.push(await readText(value, options.cwd))
    given.set(key, entry)
  }
  for (const { path, texts } of given.values()) {
    assign(result, path, convertValues(texts, nodeAt(schema, path), schema ?? {}))
  }
  const fault = valueFault(result)
  if (fault !== undefined) throw impossible(target, fault)
  return result
}

const codes: Readonly<Record<string, ErrorCode>> = { settings: 'invalid-settings', param: 'invalid-params' }

/** The error of values that no JSON has, which nothing behind the flags could keep. */
function impossible(target: string, { path, message }: Problem): StackError {
  const place = target === 'settings' ? `settings.${path}` : path
  return new StackError(
    codes[target] ?? 'invalid-config',
    `A value given by a flag cannot be used: ${place} ${message}.`,
    {
      problems: [{ path: place, message }],
      hint: 'Give a value as JSON has it: a text, a finite number, true, false, null, a list or an object.',
    },
  )
}

/** `@file` is the file's content without its last line break, `@@` an at sign. */
async function readText(value: FieldValue, cwd: string): Promise<string> {
  if (value.text.startsWith('@@')) return value.text.slice(1)
  if (!value.text.startsWith('@')) return value.text
  const hint = `Check the path, or write --${value.flag}=@${value.text} for a value that begins with an at sign.`
  const text = await readGivenFile({ path: value.text.slice(1), cwd, label: `The file of --${value.flag}`, hint })
  return text.replace(/\r?\n$/, '')
}

function nodeAt(schema: SchemaNode | undefined, path: readonly string[]): SchemaNode | undefined {
  let node = schema
  for (const segment of path) node = stepInto(node, segment, schema ?? {})?.node
  return node
}

function assign(target: GivenValues, path: readonly string[], value: JsonValue): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    target[key] = value
    return
  }
  const inner = target[key]
  const child: GivenValues = isJsonObject(inner) ? { ...inner } : {}
  target[key] = child
  assign(child, rest, value)
}
