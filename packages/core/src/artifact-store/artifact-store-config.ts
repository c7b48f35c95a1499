/** What the config of every artifact store has: the path of its root, of a scheme its flavor supports. */
import { z } from 'zod'

/** A store's config, at least. */
export interface ArtifactStoreConfig {
  readonly path: string
}

// Built of pieces in which a slash is the only delimiter, so that matching takes linear time in any engine.
const segment = '[^/\\x00]+'
// Neither `.` nor `..`.
const name = '(?:[^/.\\x00][^/\\x00]*|\\.[^/.\\x00][^/\\x00]*|\\.\\.[^/\\x00]+)'
const absolute = `/(?:${segment}(?:/${segment})*/?)?`
// The first segment ends in no colon, which would be a scheme.
const relative = `[^/\\x00]*[^/:\\x00](?:/${segment})*/?`

/**
 * The config schema of an artifact store: a strict object with `path`, checked against the schemes the flavor supports
 * (`s3://`; `''` stands for a plain path of this machine, `file://` for its URL), and the flavor's own fields.
 */
export function artifactStoreConfig<Shape extends z.core.$ZodLooseShape>(
  supportedSchemes: readonly [string, ...string[]],
  shape: Shape,
) {
  return z.strictObject({ path: artifactStorePath(supportedSchemes), ...shape })
}

/** The field `path` by itself, for a flavor that gives it a default. */
export function artifactStorePath(supportedSchemes: readonly [string, ...string[]]): z.ZodString {
  const pattern = new RegExp(`^(?:${supportedSchemes.map(pathOf).join('|')})$`)
  const forms = supportedSchemes.map((scheme) => (scheme === '' ? 'a path of this machine' : `a ${scheme} URI`))
  return z
    .string()
    .regex(pattern, `Must be ${forms.join(' or ')}, without empty segments.`)
    .describe(`Where the artifacts are kept: ${forms.join(' or ')}.`)
}

function pathOf(scheme: string): string {
  if (scheme === '') return `${absolute}|${relative}`
  if (scheme === 'file://') return `file://(?:localhost)?${absolute}`
  return `${scheme.replace(/[^\w:/]/g, '\\$&')}${segment}(?:/${name})*/?`
}
