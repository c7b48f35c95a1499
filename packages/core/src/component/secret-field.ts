/** How a config schema marks a secret. */
import { z } from 'zod'
import type { Secret } from './secret.js'

/**
 * A config field that holds a secret: written as a reference (`{{name.key}}` or `{{env:NAME}}`), received as a
 * {@link Secret}. In JSON Schema it is a string with `writeOnly: true`. It takes no default.
 */
export function secret(): z.ZodType<Secret, string> {
  // The schema checks the string; the host wraps the marked paths after parsing, so a JSON Schema can say the same.
  return z.string().meta({ writeOnly: true }) as unknown as z.ZodType<Secret, string>
}
