/** A value that shows itself to nobody: how flavors receive secrets. */

const brand = Symbol.for('@stack/core/secret')
/** `inspect.custom` of node:util, which need not be loaded for it. */
const inspectCustom = Symbol.for('nodejs.util.inspect.custom')
const redacted = '[secret]'

/** A secret value. Printing, serialising or inspecting it gives `[secret]`; only {@link Secret.reveal} gives the value. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    Object.defineProperty(this, brand, { value: true })
    Object.freeze(this)
  }

  /** The value itself; pass it on to the client that needs it and nowhere else. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [inspectCustom](): string {
    return redacted
  }
}

/** Recognises a {@link Secret} of any copy of core. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value
}
