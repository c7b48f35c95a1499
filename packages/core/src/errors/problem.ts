/** One thing wrong with an input, and where. */

/** A single finding of a validation; a validation reports all of them at once. */
export interface Problem {
  /** Where, as a dotted path with indices (`clientKwargs.regions[0]`); empty for the whole value. */
  readonly path: string
  /** What is wrong, for the person who wrote it, with a suggestion where there is one. */
  readonly message: string
}

/** Writes a path of keys and indices the way problems show it: `a.b[0]["odd key"]`. */
export function formatProblemPath(path: readonly PropertyKey[]): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else if (/^[A-Za-z_$][\w$-]*$/.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`
    else text += `[${JSON.stringify(String(key))}]`
  }
  return text
}
