/** Words of a server, a proxy or a library, as far as a person is shown them. */

const longestText = 200
/** Control and format characters, which move the cursor or turn the direction of a line, and lone surrogates. */
const invisible = /[\s\p{C}]+/gu

/** The text on one line, without what a terminal obeys, and cut to 200 characters. */
export function cutText(text: string): string {
  const line = text
    .slice(0, 10 * longestText)
    .replaceAll(invisible, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length <= longestText ? line : `${characters.slice(0, longestText).join('')}…`
}

/** The word, where it may stand in a command that somebody pastes: lower-case letters, digits and hyphens. */
export function hintWord(text: string | undefined): string | undefined {
  return text !== undefined && /^[a-z0-9](?:[a-z0-9-]{0,62})$/.test(text) ? text : undefined
}
