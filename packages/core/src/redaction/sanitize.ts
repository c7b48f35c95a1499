/** Keeps control characters of data away from a terminal. */

const controls = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Text with its control characters, and what reorders text, written as escapes; line breaks and tabs stay. */
export function sanitize(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(controls, (character) => (character === '\n' || character === '\t' ? character : toEscape(character)))
}

/** The same on one line: for cells and names. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** JSON text with the control characters that JSON itself leaves raw written as escapes. */
export function sanitizeJson(json: string): string {
  return json.replace(controls, (character) => (character === '\n' ? character : toEscape(character)))
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
