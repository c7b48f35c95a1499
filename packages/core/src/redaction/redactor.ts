/** Replaces secret values, wherever they turn up in a text or a JSON value. */
import { type DecodedText, decodeBackslashes, decodePercent, withoutSpaces } from './decode-text.js'
import { FormMatcher, type Span } from './form-matcher.js'
import { secretForms } from './secret-forms.js'

/** Stands where a secret was. */
export const replacement = '[secret]'
/** How often escapes are taken off one another: JSON within JSON, a percent sign that was escaped itself. */
const decodings = 2
/** Shorter forms are not looked for across spaces: two words may well make a third. */
const leastAcrossSpaces = 8

/** Knows secret values, and takes them out of what is printed or stored. Without any it costs nothing. */
export class Redactor {
  readonly #values: Set<string>
  #known = 0
  #whole: ReadonlySet<string> = new Set()
  /** Made with the first value, since most processes have none. */
  #parts: FormMatcher | undefined

  /** A redactor of values that others may add to: values are never taken away. */
  constructor(values: Set<string> = new Set()) {
    this.#values = values
  }

  /** Whether no value is known. */
  get isEmpty(): boolean {
    return this.#values.size === 0
  }

  /** Makes a value known, in the forms in which it may be written. */
  add(value: string): void {
    if (value !== '') this.#values.add(value)
  }

  /** The value with every known secret replaced by `[secret]`: a text, or JSON at any depth, keys and numbers included. */
  redact<T>(value: T): T {
    if (this.isEmpty) return value
    if (this.#values.size !== this.#known) this.#learn()
    return this.#redact(value) as T
  }

  #learn(): void {
    const forms = [...this.#values].map(secretForms)
    this.#whole = new Set(forms.flatMap(({ whole }) => whole))
    this.#parts = new FormMatcher(forms.flatMap(({ parts }) => parts))
    this.#known = this.#values.size
  }

  #redact(value: unknown): unknown {
    if (typeof value === 'string') return this.#redactText(value)
    if (typeof value === 'number') return this.#find(String(value)).length === 0 ? value : replacement
    if (Array.isArray(value)) return value.map((item) => this.#redact(item))
    if (typeof value !== 'object' || value === null) return value
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return value
    return this.#redactObject(value)
  }

  #redactObject(value: object): object {
    const redacted: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) {
      const name = freeName(this.#redactText(key), redacted)
      // Assigned, this name would set the prototype.
      if (name === '__proto__') Object.defineProperty(redacted, name, { ...ownProperty, value: this.#redact(inner) })
      else redacted[name] = this.#redact(inner)
    }
    return redacted
  }

  #redactText(text: string): string {
    if (this.#whole.has(text)) return replacement
    // What was redacted before stays as it is, also where the replacement itself holds a secret.
    if (text.includes(replacement))
      return text
        .split(replacement)
        .map((part) => this.#redactPart(part))
        .join(replacement)
    return this.#redactPart(text)
  }

  #redactPart(text: string): string {
    const spans = this.#find(text)
    if (!text.includes('%') && !text.includes('\\')) return replaceSpans(text, spans)
    const decoded = decodedLayers(text).flatMap((layer) => this.#find(layer.text).map((span) => placeOf(span, layer)))
    return replaceSpans(text, [...spans, ...decoded])
  }

  #find(text: string): readonly Span[] {
    const parts = this.#parts
    if (parts === undefined) return []
    const { spans, isBroken } = parts.find(text)
    const layer = isBroken ? withoutSpaces(text) : undefined
    if (layer === undefined) return spans
    const broken = parts.find(layer.text, leastAcrossSpaces).spans
    return [...spans, ...broken.map((span) => placeOf(span, layer))]
  }
}

const ownProperty = { enumerable: true, configurable: true, writable: true }

/** A text without its escapes, of one kind and of the other, and those without theirs. */
function decodedLayers(text: string): readonly DecodedText[] {
  const layers: DecodedText[] = []
  let last: readonly (DecodedText | undefined)[] = [undefined]
  for (let depth = 0; depth < decodings; depth += 1) {
    last = last.flatMap((outer) =>
      [decodePercent, decodeBackslashes].flatMap((decode) => {
        const inner = decode(outer?.text ?? text)
        return inner === undefined ? [] : [outer === undefined ? inner : within(inner, outer)]
      }),
    )
    layers.push(...(last as readonly DecodedText[]))
  }
  return layers
}

/** A text that was decoded twice, with places in the first of the three. */
function within({ text, starts, ends }: DecodedText, outer: DecodedText): DecodedText {
  return {
    text,
    starts: starts.map((start) => outer.starts[start] as number),
    ends: ends.map((end) => outer.ends[end - 1] as number),
  }
}

function placeOf([start, end]: Span, { starts, ends }: DecodedText): Span {
  return [starts[start] as number, ends[end - 1] as number]
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text
  let [result, done] = ['', 0]
  for (const [start, end] of joinSpans(spans)) {
    result += text.slice(done, start) + replacement
    done = end
  }
  return result + text.slice(done)
}

/** Spans in order, those that overlap as one. */
function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1)
    if (last === undefined || last[1] <= span[0]) joined.push(span)
    else if (last[1] < span[1]) joined[joined.length - 1] = [last[0], span[1]]
  }
  return joined
}

/** A name that is not taken yet: two keys may both be secret. */
function freeName(name: string, taken: object): string {
  let free = name
  for (let count = 2; Object.hasOwn(taken, free); count += 1) free = `${name} (${count})`
  return free
}
