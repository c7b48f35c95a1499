/** Reads the arguments of one command: its own flags, the flags of a schema, and operands. */
import { parseArgs } from 'node:util'
import { didYouMean, StackError } from '@stack/core'
import { type FieldFlags, type FieldPlace, fieldFlagNames, findField } from '../flags/field-flags.js'
import type { FieldValue } from '../flags/field-value.js'
import type { OptionDefinition } from './argument-definitions.js'
import type { ParsedArguments } from './parsed-arguments.js'

/** What the arguments are read against. */
export interface ArgumentGrammar {
  /** The command's words, for what to do about an error. */
  readonly words: string
  readonly options: readonly OptionDefinition[]
  readonly fields?: FieldFlags
  /** A first reading, which lets unknown flags pass: to find the flavor or the file that says what the flags are. */
  readonly lenient?: boolean
}

/**
 * Reads arguments.
 * @throws StackError `usage` for an unknown flag, with a suggestion, or a missing value.
 */
export function parseArguments(argv: readonly string[], grammar: ArgumentGrammar): ParsedArguments {
  const known = new Map(grammar.options.map((option) => [option.name, option]))
  const places = new Map<string, FieldPlace>()
  const types: { [name: string]: { type: 'string' | 'boolean'; short?: string } } = Object.create(null)
  for (const { name, short, value } of grammar.options) {
    types[name] = { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) }
  }

  const words: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (word === '--') {
      words.push(...argv.slice(index))
      break
    }
    const [, flag = '', value] = /^--([^=]+)(=[\s\S]*)?$/.exec(word) ?? []
    if (flag === '' || known.has(flag)) {
      words.push(word)
      continue
    }
    const field = grammar.fields === undefined ? undefined : matchField(grammar.fields, flag, value !== undefined)
    if (field !== undefined) {
      places.set(field.flag, field.place)
      types[field.flag] = { type: 'string' }
      const next = argv[index + 1]
      const follows = field.place.isBoolean && !field.negated && (next === 'true' || next === 'false')
      if (value !== undefined || !field.place.isBoolean) words.push(word)
      else words.push(`--${field.flag}=${follows ? next : String(!field.negated)}`)
      if (value === undefined && follows) index += 1
    } else if (grammar.lenient === true) {
      const next = argv[index + 1]
      const takesNext = value === undefined && next !== undefined && !next.startsWith('-')
      if (flag !== '__proto__') types[flag] = { type: takesNext || value !== undefined ? 'string' : 'boolean' }
      words.push(word)
    } else throw unknownFlag(`--${flag}`, grammar)
  }
  return collect(words, types, { grammar, known, places })
}

interface Lookup {
  readonly grammar: ArgumentGrammar
  readonly known: ReadonlyMap<string, OptionDefinition>
  readonly places: ReadonlyMap<string, FieldPlace>
}

function collect(
  words: readonly string[],
  types: { [name: string]: { type: 'string' | 'boolean'; short?: string } },
  { grammar, known, places }: Lookup,
): ParsedArguments {
  const operands: string[] = []
  const options = new Map<string, string[]>()
  const fields: FieldValue[] = []
  const { tokens } = parseArgs({
    args: [...words],
    options: types,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = known.get(token.name)
    const place = option === undefined ? places.get(token.name) : undefined
    if (place !== undefined) {
      const text = needValue(token)
      fields.push({ target: place.target, path: place.path, text, flag: token.name })
    } else if (option !== undefined) {
      const values = options.get(option.name) ?? []
      values.push(option.value === undefined ? refuseValue(token) : needValue(token))
      options.set(option.name, values)
    } else if (grammar.lenient !== true) throw unknownFlag(token.rawName, grammar)
  }
  return { operands, options, fields }
}

interface OptionToken {
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function needValue(token: OptionToken): string {
  const { rawName, value } = token
  if (value !== undefined && (token.inlineValue === true || !value.startsWith('--'))) return value
  throw new StackError('usage', `The flag ${rawName} needs a value.`, {
    hint: `Write ${rawName}=VALUE, also for a value that begins with dashes.`,
  })
}

function refuseValue(token: OptionToken): string {
  if (token.inlineValue !== true) return ''
  throw new StackError('usage', `The flag ${token.rawName} takes no value.`, { hint: `Write ${token.rawName} alone.` })
}

function matchField(fields: FieldFlags, flag: string, hasValue: boolean) {
  const place = findField(fields, flag)
  if (place !== undefined) return { flag, place, negated: false }
  if (hasValue || !flag.startsWith('no-')) return undefined
  const positive = findField(fields, flag.slice(3))
  return positive?.isBoolean === true ? { flag: flag.slice(3), place: positive, negated: true } : undefined
}

function unknownFlag(flag: string, grammar: ArgumentGrammar): StackError {
  const names = grammar.options.map((option) => `--${option.name}`)
  if (grammar.fields !== undefined) names.push(...fieldFlagNames(grammar.fields).map((name) => `--${name}`))
  return new StackError('usage', `Unknown flag ${JSON.stringify(flag.slice(0, 200))}.${didYouMean(flag, names)}`, {
    hint: grammar.fields?.hint ?? `${grammar.words} --help`,
  })
}
