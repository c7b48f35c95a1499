/** References to secrets and to the environment, written in a config in place of a value. */

/** What a reference names. */
export type Reference =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'secret'; readonly secret: string; readonly key: string }

/** A reference and where it stands. */
export interface PlacedReference {
  readonly path: readonly (string | number)[]
  readonly reference: Reference
}

const envReference = /^\{\{env:([A-Za-z_][A-Za-z0-9_]{0,254})\}\}$/
const secretReference = /^\{\{([A-Za-z0-9][A-Za-z0-9_-]{0,127})\.([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})\}\}$/

/** Reads a value that is a reference as a whole: `{{env:NAME}}` or `{{name.key}}`. */
export function parseReference(value: unknown): Reference | undefined {
  if (typeof value !== 'string' || !value.startsWith('{{')) return undefined
  const name = envReference.exec(value)?.[1]
  if (name !== undefined) return { kind: 'env', name }
  const [, secret, key] = secretReference.exec(value) ?? []
  return secret === undefined || key === undefined ? undefined : { kind: 'secret', secret, key }
}

/** Says whether a value is a reference. */
export function isReference(value: unknown): boolean {
  return parseReference(value) !== undefined
}

/** How a reference is written. */
export function formatReference(reference: Reference): string {
  return reference.kind === 'env' ? `{{env:${reference.name}}}` : `{{${reference.secret}.${reference.key}}}`
}

/** Every reference in a value, at any depth. */
export function findReferences(value: unknown, path: readonly (string | number)[] = []): readonly PlacedReference[] {
  const reference = parseReference(value)
  if (reference !== undefined) return [{ path, reference }]
  if (Array.isArray(value)) return value.flatMap((item, index) => findReferences(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => findReferences(inner, [...path, key]))
}

/** What a reference stands for, or why it stands for nothing. */
export type Resolution = { readonly value: string } | { readonly reason: string }

/** A value with its references replaced, and what could not be. */
export interface Resolved<T> {
  readonly values: T
  readonly resolved: readonly (PlacedReference & { readonly value: string })[]
  readonly unresolved: readonly (PlacedReference & { readonly reason: string })[]
}

/** Replaces every reference of a value by what it stands for. */
export function resolveReferences<T>(values: T, resolver: (reference: Reference) => Resolution): Resolved<T> {
  const resolved: (PlacedReference & { value: string })[] = []
  const unresolved: (PlacedReference & { reason: string })[] = []
  const replace = (value: unknown, path: readonly (string | number)[]): unknown => {
    const reference = parseReference(value)
    if (reference !== undefined) {
      const resolution = resolver(reference)
      if ('value' in resolution) {
        resolved.push({ path, reference, value: resolution.value })
        return resolution.value
      }
      unresolved.push({ path, reference, reason: resolution.reason })
      return value
    }
    if (Array.isArray(value)) return value.map((item, index) => replace(item, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner, [...path, key])]))
  }
  return { values: replace(values, []) as T, resolved, unresolved }
}

/** Resolves references from the environment; there is no store of named secrets yet. */
export function environmentResolver(
  env: Readonly<Record<string, string | undefined>>,
): (reference: Reference) => Resolution {
  return (reference) => {
    if (reference.kind === 'secret') {
      return { reason: `the secret "${reference.secret}" is not found: only {{env:NAME}} can be resolved so far` }
    }
    const value = env[reference.name]
    return value === undefined ? { reason: `the environment variable ${reference.name} is not set` } : { value }
  }
}
