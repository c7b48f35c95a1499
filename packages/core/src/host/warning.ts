/** What a program tells beside its result. */

/** Something that did not stop the work and should be known. */
export interface Warning {
  readonly code: string
  readonly message: string
  readonly hint?: string
}
