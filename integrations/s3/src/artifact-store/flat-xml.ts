/** Reads the protocol's XML, which is flat enough to be read as groups of texts. */
import { Parser } from 'htmlparser2'

/** The texts of the elements within one, by name. */
export type Texts = Readonly<Record<string, string>>

/**
 * Reads a document as flat groups: each element named in `groups` with the texts within it; gives those outside any.
 * It is tolerant, since servers write characters that no XML may hold.
 */
export function readGroups(
  xml: string,
  groups: ReadonlySet<string>,
  onGroup: (name: string, texts: Texts) => void,
): Texts {
  const outside: Record<string, string> = {}
  let group: { readonly name: string; readonly texts: Record<string, string> } | undefined
  let text = ''
  const parser = new Parser(
    {
      onopentagname(name) {
        text = ''
        if (groups.has(name)) group = { name, texts: {} }
      },
      ontext(piece) {
        text += piece
      },
      onclosetag(name) {
        if (name === group?.name) {
          onGroup(name, group.texts)
          group = undefined
        } else {
          ;(group?.texts ?? outside)[name] = text
        }
        text = ''
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(xml)
  return outside
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
