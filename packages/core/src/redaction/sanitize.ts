/** The last door of text: what is printed shows no known secret, and sends a terminal no control characters. */
import { processRedactor } from './process-redactor.js'
import { replacement } from './redactor.js'

/** Control characters, what separates lines and paragraphs, and what reorders text. */
const controls = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text with known secrets replaced, and control characters and what reorders text written as escapes; line breaks and tabs stay. */
export function sanitize(text: string): string {
  return processRedactor()
    .redact(String(text))
    .replaceAll('\r\n', '\n')
    .replace(controls, (character) => (character === '\n' || character === '\t' ? character : toEscape(character)))
}

/** The same on one line: for cells and names. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** An object as JSON, indented; its own keys stay, so that programs find what they look for, and all else is sanitised. */
export function sanitizeJson(value: Readonly<Record<string, unknown>>): string {
  return withoutSecrets(JSON.stringify(value, null, 2)).replace(controls, (character) =>
    character === '\n' ? character : toEscape(character),
  )
}

function withoutSecrets(json: string): string {
  if (processRedactor().isEmpty) return json
  const entries = Object.entries(JSON.parse(json) as Record<string, unknown>)
  return JSON.stringify(Object.fromEntries(entries.map(([key, inner]) => [key, redactWritten(inner)])), null, 2)
}

/** A value without secrets, also without those that show only where it is written as JSON, with an escape before them. */
function redactWritten(value: unknown): unknown {
  const redactor = processRedactor()
  const written = JSON.stringify(redactor.redact(value)).replace(jsonStrings, (string) => {
    const text = string.slice(1, -1)
    return redactor.redact(text) === text ? string : `"${replacement}"`
  })
  return JSON.parse(written)
}

const jsonStrings = /"(?:[^"\\]|\\.)*"/g

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
