/** Finds secrets of a JSON Schema that have a default. */

/** The places of secrets with a default, as JSON pointers. */
export function secretFaults(schema: unknown, at = '#'): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => secretFaults(item, `${at}/${index}`))
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'writeOnly' in schema && 'default' in schema ? [`${at} is a secret and has a default`] : []
  return [...own, ...Object.entries(schema).flatMap(([key, inner]) => secretFaults(inner, `${at}/${key}`))]
}
