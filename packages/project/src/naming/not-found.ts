/** The error of a name nothing is registered under. */
import { didYouMean, StackError } from '@stack/core'

/** What was looked for, and the names there are. */
export interface Missing {
  readonly kind: string
  readonly name: string
  readonly known: readonly string[]
  /** The command that lists them. */
  readonly list: string
}

export function notFound(missing: Missing): StackError {
  const name = missing.name.length > 64 ? `${missing.name.slice(0, 64)}…` : missing.name
  return new StackError(
    'not-found',
    `There is no ${missing.kind} ${JSON.stringify(name)}.${didYouMean(missing.name, missing.known)}`,
    { hint: `List them with: ${missing.list}` },
  )
}
