/** How a flavor is named where its plain name may not be enough. */

/** What a flavor is asked for by. */
export interface FlavorSpec {
  readonly name: string
  /** A package's flavor; null for the one registered by its source; undefined where the plain name decides. */
  readonly package: string | null | undefined
}

/** Writes which flavor a component is of: `<package>:<name>`, or `:<name>` for one registered by its source. */
export function formatFlavorSpec(component: { readonly flavor: string; readonly package: string | null }): string {
  return `${component.package ?? ''}:${component.flavor}`
}

/** Reads `name`, `<package>:<name>` or `:<name>`. */
export function parseFlavorSpec(spec: string): FlavorSpec {
  const colon = spec.lastIndexOf(':')
  if (colon < 0) return { name: spec, package: undefined }
  return { name: spec.slice(colon + 1), package: spec.slice(0, colon) || null }
}
