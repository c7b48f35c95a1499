/**
 * Reads the protocol's XML, which is flat enough to be read as groups of texts: elements, texts and entities, no more. Pages
 * of a thousand keys are most of what a listing costs, so it goes from one angle bracket to the next. It is tolerant, since
 * servers write characters that no XML may hold.
 */

/** The texts of the elements within one, by name. */
export type Texts = Readonly<Record<string, string>>

/** Reads a document as flat groups: each element named in `groups` with the texts within it; gives those outside any. */
export function readGroups(
  xml: string,
  groups: ReadonlySet<string>,
  onGroup: (name: string, texts: Texts) => void,
): Texts {
  const outside: Record<string, string> = {}
  let texts = outside
  let textStart = 0
  /** What a comment or a CDATA section cuts off from the rest of a text. */
  let textBefore = ''
  for (let open = xml.indexOf('<'); open !== -1; open = xml.indexOf('<', textStart)) {
    const first = xml.charCodeAt(open + 1)
    const close = first === exclamationMark ? endOfDeclaration(xml, open) : xml.indexOf('>', open)
    if (close === -1) break
    if (first === exclamationMark) {
      textBefore += decodeEntities(xml.slice(textStart, open))
      if (xml.startsWith(sectionStart, open)) textBefore += xml.slice(open + sectionStart.length, close - 2)
      textStart = close + 1
      continue
    }
    if (first === slash) {
      const name = xml.slice(open + 2, close)
      if (groups.has(name)) {
        onGroup(name, texts)
        texts = outside
      } else {
        texts[name] = textBefore + decodeEntities(xml.slice(textStart, open))
      }
    } else if (first !== questionMark) {
      const name = nameIn(xml, open + 1, close)
      if (xml.charCodeAt(close - 1) === slash) texts[name] = ''
      else if (groups.has(name)) texts = {}
    }
    textStart = close + 1
    textBefore = ''
  }
  return outside
}

const sectionStart = '<![CDATA['

/** Where a comment or a CDATA section ends, with all that is in it; -1 where it does not. */
function endOfDeclaration(xml: string, open: number): number {
  const end = xml.startsWith(sectionStart, open) ? ']]>' : xml.startsWith('<!--', open) ? '-->' : '>'
  const found = xml.indexOf(end, open)
  return found === -1 ? -1 : found + end.length - 1
}

const slash = 0x2f
const questionMark = 0x3f
const exclamationMark = 0x21

/** The name of an element, without its attributes. */
function nameIn(xml: string, start: number, close: number): string {
  const name = xml.slice(start, close)
  const end = name.search(/[\s/]/)
  return end === -1 ? name : name.slice(0, end)
}

const quote = '&quot;'
const entity = /&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|amp|quot|apos));/gi
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  const first = text.indexOf('&')
  if (first === -1) return text
  // As each ETag of a listing is written, and quicker so.
  if (
    first === 0 &&
    text.startsWith(quote) &&
    text.indexOf('&', 1) === text.length - quote.length &&
    text.endsWith(quote)
  ) {
    return `"${text.slice(quote.length, -quote.length)}"`
  }
  return text.replace(entity, (whole, hexadecimal?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const point = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}

/** Gives each element of a name that has no attributes, and what is left without them. */
export function cutBlocks(xml: string, name: string, onBlock: (block: string) => void): string {
  const [open, close] = [`<${name}>`, `</${name}>`]
  let rest = ''
  let position = 0
  for (let start = xml.indexOf(open); start !== -1; start = xml.indexOf(open, position)) {
    const end = xml.indexOf(close, start)
    if (end === -1) break
    rest += xml.slice(position, start)
    onBlock(xml.slice(start + open.length, end))
    position = end + close.length
  }
  return rest + xml.slice(position)
}

/** The text of an element within a block: quicker than a group, where few of its texts are wanted. */
export function textIn(block: string, name: string): string | undefined {
  const open = `<${name}>`
  const start = block.indexOf(open)
  const end = start === -1 ? -1 : block.indexOf('<', start + open.length)
  // Seldom: without the element, with attributes, or with more in it than a text.
  if (end === -1 || block.charCodeAt(end + 1) !== slash) return readTexts(block)[name]
  return decodeEntities(block.slice(start + open.length, end))
}

const noGroups: ReadonlySet<string> = new Set()

/** The texts of a document without groups. */
export function readTexts(xml: string): Texts {
  return readGroups(xml, noGroups, () => {})
}

const errorDocument = /^\s*(?:<\?xml[^>]*\?>\s*)?<Error[\s>]/

/** The texts of an error document; none where it is no such document. */
export function readErrorXml(xml: string): Texts {
  return errorDocument.test(xml) ? readTexts(xml) : {}
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text as it stands between tags. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>]/g, (sign) => escapes[sign] ?? sign)
}
