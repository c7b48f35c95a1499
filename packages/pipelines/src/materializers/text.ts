/** Text: a string, stored as its UTF-8 bytes, so that a report is a file that opens. */
import { defineMaterializer } from './materializer.js'
import { isWellFormed } from './plain-json.js'

/** The materializer of strings. */
export const textMaterializer = defineMaterializer<string>({
  name: 'text',
  mediaType: 'text/plain; charset=utf-8',
  matches: (value) => typeof value === 'string' && isWellFormed(value),
  save: (value) => value,
  load: (content) => content.text(),
})
