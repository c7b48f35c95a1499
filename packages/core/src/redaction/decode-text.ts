/** A text without the escapes or the spaces in it, each unit with its place in the text as it was. */

/** A text made from another. */
export interface DecodedText {
  readonly text: string
  /** Where in the source each unit begins. */
  readonly starts: Uint32Array
  /** Where in the source each unit ends. */
  readonly ends: Uint32Array
}

/** How to take something out of a text; undefined where there is nothing to take out. */
export type Decoder = (text: string) => DecodedText | undefined

const percentEscape = /(?:%[0-9a-f]{2})+|\+/gi
const backslashEscape = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([bfnrtv0'"`\\/]))/g
const spaces = /\s+/g

/** Percent escapes in UTF-8, in either case, as in URLs; a plus sign stands for a space, as in forms. */
export const decodePercent: Decoder = (text) => {
  if (!text.includes('%')) return undefined
  const writer = new DecodedWriter(text)
  for (const { 0: escaped, index } of text.matchAll(percentEscape)) {
    writer.copyUntil(index)
    if (escaped === '+') writer.put(' ', index, index + 1)
    else putUtf8(writer, escaped, index)
  }
  return writer.finish()
}

/** The escapes of JSON and of JavaScript, as in serialised and inspected values. */
export const decodeBackslashes: Decoder = (text) => {
  if (!text.includes('\\')) return undefined
  const writer = new DecodedWriter(text)
  for (const match of text.matchAll(backslashEscape)) {
    const [escaped, unicode, byte, letter = ''] = match
    const code = unicode ?? byte
    const unit = code === undefined ? (namedEscapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16))
    writer.copyUntil(match.index)
    writer.put(unit, match.index, match.index + escaped.length)
  }
  return writer.finish()
}

/** White space: where lines are wrapped, or bytes are set apart. */
export const withoutSpaces: Decoder = (text) => {
  const writer = new DecodedWriter(text)
  for (const { 0: space, index } of text.matchAll(spaces)) {
    writer.copyUntil(index)
    writer.skip(space.length)
  }
  return writer.finish()
}

const namedEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
}

/** Puts a run of percent escapes: a character for each sequence of UTF-8, and what is none as it is. */
function putUtf8(writer: DecodedWriter, escapes: string, index: number): void {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] as number)
    const sequence = bytes.subarray(at, at + length)
    const character = sequence.toString()
    const start = index + at * 3
    if (!Buffer.from(character).equals(sequence)) {
      writer.copyUntil(start + 3)
      at += 1
    } else {
      writer.put(character, start, start + length * 3)
      at += length
    }
  }
}

function sequenceLength(byte: number): number {
  return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}

/** Writes a decoded text beside the places of its units. */
class DecodedWriter {
  readonly #source: string
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  readonly #pieces: string[] = []
  #length = 0
  #read = 0

  constructor(source: string) {
    this.#source = source
    this.#starts = new Uint32Array(source.length)
    this.#ends = new Uint32Array(source.length)
  }

  /** Copies what stands before a place of the source. */
  copyUntil(index: number): void {
    if (index <= this.#read) return
    this.#pieces.push(this.#source.slice(this.#read, index))
    for (let at = this.#read; at < index; at += 1) this.#mark(at, at + 1)
    this.#read = index
  }

  /** Writes a character in place of a part of the source. */
  put(character: string, start: number, end: number): void {
    this.#pieces.push(character)
    for (let unit = 0; unit < character.length; unit += 1) this.#mark(start, end)
    this.#read = end
  }

  /** Leaves a part of the source out. */
  skip(length: number): void {
    this.#read += length
  }

  /** The decoded text; undefined where it is as the source was. */
  finish(): DecodedText | undefined {
    this.copyUntil(this.#source.length)
    const text = this.#pieces.join('')
    if (text === this.#source) return undefined
    return { text, starts: this.#starts.subarray(0, text.length), ends: this.#ends.subarray(0, text.length) }
  }

  #mark(start: number, end: number): void {
    this.#starts[this.#length] = start
    this.#ends[this.#length] = end
    this.#length += 1
  }
}
