/** Replaces secret values, wherever they turn up in a text or a JSON value. */

const replacement = '[secret]'
/** Shorter values are replaced only where they are a whole text: they would tear every other word apart. */
const partLimit = 4
/** The lines of a secret of several lines are secrets from this length on. */
const lineLimit = 8

/** Knows secret values, and takes them out of what is printed or stored. */
export class Redactor {
  readonly #whole = new Set<string>()
  readonly #parts = new Set<string>()
  #pattern: RegExp | undefined

  /** Makes a value known, with the forms in which it may be written: URL-encoded, base64, inside JSON, line by line. */
  add(value: string): void {
    if (value === '') return
    this.#whole.add(value)
    const forms = [
      value,
      encodeURIComponent(Buffer.from(value).toString()),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
      JSON.stringify(value).slice(1, -1),
      ...value.split(/\r?\n/).filter((line) => line.length >= lineLimit),
    ]
    for (const form of forms) if (form.length >= partLimit) this.#parts.add(form)
    // The longest first, so that a secret inside another leaves nothing of the longer one.
    const longestFirst = [...this.#parts].sort((a, b) => b.length - a.length)
    this.#pattern = longestFirst.length === 0 ? undefined : new RegExp(longestFirst.map(escapePattern).join('|'), 'g')
  }

  /** The value with every known secret replaced by `[secret]`: a text, or JSON at any depth, keys included. */
  redact<T>(value: T): T {
    return this.#whole.size === 0 ? value : (this.#redact(value) as T)
  }

  #redact(value: unknown): unknown {
    if (typeof value === 'string') return this.#redactText(value)
    if (Array.isArray(value)) return value.map((item) => this.#redact(item))
    if (typeof value !== 'object' || value === null) return value
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.#redactText(key), this.#redact(inner)]))
  }

  #redactText(text: string): string {
    if (this.#whole.has(text)) return replacement
    return this.#pattern === undefined ? text : text.replace(this.#pattern, replacement)
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
