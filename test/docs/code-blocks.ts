/** The fenced code blocks of a Markdown document, each with the project that a comment above it names. */

/** Each begins a new project, also where one of that name is used above. */
export interface ProjectComment {
  readonly name: string
}

export interface CodeBlock {
  /** The line of the opening fence, from 1. */
  readonly line: number
  /** The first word of the info string; empty where there is none. */
  readonly language: string
  /** `file=<path>` of the info string: the block is the content of that file. */
  readonly file: string | null
  /** The nearest `<!-- project: NAME -->` above; null before the first. */
  readonly project: ProjectComment | null
  readonly content: string
}

const fence = /^(?<indent>\s*)(?<marks>`{3,}|~{3,})(?<info>.*)$/
const projectComment = /^<!-- project: (?<name>\S+) -->$/

/** Reads them in order; a fence that is never closed is an error. */
export function readCodeBlocks(markdown: string): readonly CodeBlock[] {
  const lines = markdown.split('\n')
  const blocks: CodeBlock[] = []
  let project: ProjectComment | null = null
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const name = projectComment.exec(line.trim())?.groups?.name
    if (name !== undefined) project = { name }
    const opening = fence.exec(line)?.groups
    if (opening === undefined) continue
    const { indent = '', marks = '', info = '' } = opening
    const end = lines.findIndex((other, at) => at > index && other.trim() === marks)
    if (end === -1) throw new Error(`the code block of line ${index + 1} is never closed`)
    const content = lines
      .slice(index + 1, end)
      .map((text) => (text.startsWith(indent) ? text.slice(indent.length) : text))
    const [language = '', ...attributes] = info.trim().split(/\s+/)
    const file = attributes.find((attribute) => attribute.startsWith('file='))?.slice('file='.length) ?? null
    blocks.push({ line: index + 1, language, file, project, content: content.join('\n') })
    index = end
  }
  return blocks
}
