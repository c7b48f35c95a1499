/** The text of `--help`. */

import { sanitize, sanitizeLine } from '@stack/core/host'
import type { ArgumentDefinition, OptionDefinition } from '../program/argument-definitions.js'

/** A titled list of names with what they mean. */
export interface HelpSection {
  readonly title: string
  readonly rows: readonly (readonly [string, string])[]
}

/** What a help page is made of. */
export interface HelpPage {
  readonly usage: string
  readonly summary: string
  readonly sections: readonly HelpSection[]
}

/** Lays out a page; a description continues under itself within `width` columns. */
export function renderHelp(page: HelpPage, width = 100): string {
  const sections = page.sections.filter((section) => section.rows.length > 0)
  const blocks = [`Usage: ${page.usage}`, sanitize(page.summary), ...sections.map((each) => renderSection(each, width))]
  return `${blocks.join('\n\n')}\n`
}

/** The section of a command's operands. */
export function argumentsSection(definitions: readonly ArgumentDefinition[]): HelpSection {
  return { title: 'Arguments', rows: definitions.map((each) => [each.name, each.summary]) }
}

/** A section of flags. */
export function optionsSection(title: string, definitions: readonly OptionDefinition[]): HelpSection {
  return {
    title,
    rows: definitions.map(({ name, short, value, summary }) => [
      `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      summary,
    ]),
  }
}

/** How operands are written in a usage line. */
export function usageOf(words: string, definitions: readonly ArgumentDefinition[]): string {
  const operands = definitions.map(({ name, optional, repeated }) => {
    const text = repeated === true ? `${name}…` : name
    return optional === true ? ` [${text}]` : ` ${text}`
  })
  return `${words}${operands.join('')} [flags]`
}

function renderSection({ title, rows }: HelpSection, width: number): string {
  const left = rows.reduce((widest, [name]) => Math.min(34, Math.max(widest, name.length)), 0)
  const lines = rows.flatMap(([name, meaning]) => {
    const label = sanitizeLine(name)
    const [first = '', ...more] = wrap(sanitizeLine(meaning), Math.max(30, width - left - 4))
    const start =
      label.length > left ? [`  ${label}`, `  ${' '.repeat(left)}  ${first}`] : [`  ${label.padEnd(left)}  ${first}`]
    return [...start, ...more.map((line) => `  ${' '.repeat(left)}  ${line}`)]
  })
  return `${sanitizeLine(title)}:\n${lines.map((line) => line.trimEnd()).join('\n')}`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
