/** Writes HTML and SVG: what is put into a template is escaped, unless it is markup itself. */
import { z } from '@stack/core'

/** A whole page. */
export const htmlPage = z.string().startsWith('<!doctype html>')

/** Text that is markup already. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Insertable = string | number | Markup | readonly Markup[]

/** A template of markup: html`<b>${name}</b>`. */
export function html(strings: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  return new Markup(strings.reduce((text, part, place) => text + insert(values[place - 1] ?? '') + part))
}

function insert(value: Insertable): string {
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map((each) => each.text).join('')
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
