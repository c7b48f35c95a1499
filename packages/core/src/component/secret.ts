/** A value that shows itself to nobody: how flavors receive secrets, and how a config schema marks them. */
import { inspect } from 'node:util'
import { z } from 'zod'

const brand = Symbol.for('@stack/core/secret')
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

  [inspect.custom](): string {
    return redacted
  }
}

/** Recognises a {@link Secret} of any copy of core. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * A config field that holds a secret: written as a reference (`{{name.key}}` or `{{env:NAME}}`), received as a
 * {@link Secret}. In JSON Schema it is a string with `writeOnly: true`. It takes no default.
 */
export function secret(): z.ZodType<Secret, string> {
  // The schema checks the string; the host wraps the marked paths after parsing, so a JSON Schema can say the same.
  return z.string().meta({ writeOnly: true }) as unknown as z.ZodType<Secret, string>
}
