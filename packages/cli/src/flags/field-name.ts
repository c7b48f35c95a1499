/** How a field's name is spelt as a flag. */

/** The kebab-case spelling of a key: `clientKwargs` and `client_kwargs` become `client-kwargs`. */
export function toFlagName(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])/g, '-')
    .replaceAll('_', '-')
    .toLowerCase()
}

/** Longer names are no flags: nobody types them, and a schema may have them by the megabyte. */
const lengthLimit = 1000

/** The keys of an object by how they are spelt as flags. */
const spellings = new WeakMap<object, ReadonlyMap<string, string>>()

/** The key of an object that a flag's segment means: its own spelling, or its kebab-case. */
export function findKey(object: object, segment: string): string | undefined {
  if (Object.hasOwn(object, segment)) return segment
  const known = spellings.get(object) ?? spell(object)
  return known.get(segment)
}

function spell(object: object): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const key of Object.keys(object)) {
    const name = key.length > lengthLimit ? key : toFlagName(key)
    if (!keys.has(name)) keys.set(name, key)
  }
  spellings.set(object, keys)
  return keys
}
