/** The one redactor of a process: it knows the secrets of every component that was opened, whichever copy of core opened it. */
import { Redactor } from './redactor.js'

/** Where the values are. They are shared rather than the redactor, so that copies of different versions agree. */
const place = Symbol.for('@stack/core/known-secrets')

let redactor: Redactor | undefined

/** The redactor that everything passes before it leaves the process, and that whatever opens a component fills. */
export function processRedactor(): Redactor {
  redactor ??= new Redactor(knownSecrets())
  return redactor
}

function knownSecrets(): Set<string> {
  const known: unknown = Reflect.get(globalThis, place)
  if (known instanceof Set) return known as Set<string>
  const values = new Set<string>()
  // Not enumerable, so that nobody prints it with the rest of the global object.
  Object.defineProperty(globalThis, place, { value: values })
  return values
}
