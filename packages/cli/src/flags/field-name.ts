/** How a field's name is spelt as a flag. */

/** The kebab-case spelling of a key: `clientKwargs` and `client_kwargs` become `client-kwargs`. */
export function toFlagName(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
}

/** The key among those of a schema that a flag's segment means: its own spelling, or its kebab-case. */
export function findKey(keys: Iterable<string>, segment: string): string | undefined {
  let kebab: string | undefined
  for (const key of keys) {
    if (key === segment) return key
    if (toFlagName(key) === segment) kebab ??= key
  }
  return kebab
}
