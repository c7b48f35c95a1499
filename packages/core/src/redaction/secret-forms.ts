/** The texts by which a secret is recognised: itself, what it is made of, and each in the encodings that programs print. */
import { decodeBackslashes, decodePercent } from './decode-text.js'

/** Shorter values, and words of JSON, are replaced only where they are a whole text: they would tear every other one apart. */
const partLimit = 4
const wordsOfJson = new Set(['true', 'false', 'null', 'undefined'])
/** Lines of a secret of several lines, and values within a secret that is JSON, are secrets from this length on. */
const pieceLimit = 8

/** What a redactor looks for. */
export interface SecretForms {
  /** Replaced where they are all of a text. */
  readonly whole: readonly string[]
  /** Replaced wherever they stand. Percent and JSON escapes are no forms: a text is searched without them too. */
  readonly parts: readonly string[]
}

/** The forms of a secret. */
export function secretForms(secret: string): SecretForms {
  const written = [secret, secret.trim(), decodeBackslashes(secret)?.text ?? '', decodePercent(secret)?.text ?? '']
  const values = [...new Set([...written, ...credentialsOf(secret)])].filter((value) => value !== '')
  const parts = new Set<string>()
  for (const value of values) {
    if (value.length < partLimit || wordsOfJson.has(value)) continue
    for (const form of formsOf(value)) if (form.length >= partLimit) parts.add(form)
  }
  return { whole: values, parts: [...parts] }
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset))
  const compact = value.replace(/\s+/g, '')
  return [
    value,
    // A form of a web page writes a space as a plus sign, and a text without percent escapes may mean either by it.
    value.replaceAll(' ', '+'),
    value.replaceAll('+', ' '),
    ...linesOf(value),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
    ...(compact.length < pieceLimit ? [] : [compact]),
  ]
}

/** The base64 of bytes that begin `offset` bytes after a multiple of three, without the characters that their neighbours share. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
}

function linesOf(value: string): readonly string[] {
  const lines = value.split(/[\r\n]+/)
  return lines.length < 2 ? [] : lines.map((line) => line.trim()).filter((line) => line.length >= pieceLimit)
}

/** The password of a secret that is a URL; the values whose names say that they are secret of one that is JSON, as a service account's key is. */
function credentialsOf(secret: string): readonly string[] {
  if (URL.canParse(secret)) {
    const { password } = new URL(secret)
    return [password, decodePercent(password)?.text ?? '']
  }
  const found: string[] = []
  if (!/^\s*[[{]/.test(secret)) return found
  try {
    JSON.parse(secret, (name, value: unknown) => {
      const isSecret = /key|secret|token|pass|credential/i.test(name)
      if (isSecret && typeof value === 'string' && value.length >= pieceLimit && !/^https?:/.test(value))
        found.push(value)
      return value
    })
  } catch {
    // It is no JSON.
  }
  return found
}
