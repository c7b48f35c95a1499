/** The fields of a schema as a section of help. */
import type { FieldDescription } from '@stack/core/host'
import type { HelpSection } from '../output/help.js'
import { toFlagName } from './field-name.js'

/** One row a field: its flag, its type, whether it is required or secret, its default. */
export function fieldSection(
  title: string,
  fields: readonly FieldDescription[],
  toName: (path: string) => string,
): HelpSection {
  return { title, rows: fields.map((field) => [`--${toName(flagPath(field.name))} <${field.type}>`, meaning(field)]) }
}

function flagPath(name: string): string {
  return name.split('.').map(toFlagName).join('.')
}

function meaning(field: FieldDescription): string {
  const notes = [
    ...(field.required ? ['required'] : []),
    ...(field.secret ? ["secret, given as a reference: '{{env:NAME}}'"] : []),
    ...(field.enum === undefined ? [] : [`one of ${field.enum.map((value) => JSON.stringify(value)).join(', ')}`]),
    ...(field.default === undefined ? [] : [`default ${JSON.stringify(field.default)}`]),
  ]
  const description = field.description ?? ''
  if (notes.length === 0) return description
  return description === '' ? notes.join('; ') : `${description} (${notes.join('; ')})`
}
