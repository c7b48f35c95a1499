/** The JSON of an object, and the `fields` of it that a request asks for. */
import type { StoredObject } from './bucket.js'
import { invalid } from './request-error.js'

export function toResource(bucket: string, { bytes, ...object }: StoredObject): Record<string, unknown> {
  return { kind: 'storage#object', bucket, size: String(bytes.byteLength), metageneration: '1', ...object }
}

/** Leaves what a mask such as `a,items(b,c)` names. */
export function pickFields(value: unknown, mask: string | undefined): unknown {
  if (mask === undefined) return value
  if (!/^[\w,()]+$/.test(mask)) throw invalid('Invalid field selection')
  return pick(value, parse(mask))
}

type Mask = ReadonlyMap<string, string | undefined>

/** Names at the top level of a mask, each with the mask in its parentheses. */
function parse(mask: string): Mask {
  const names = new Map<string, string | undefined>()
  for (const [, name = '', inner] of mask.matchAll(/(\w+)(?:\(([^()]*)\))?,?/g)) names.set(name, inner)
  return names
}

function pick(value: unknown, mask: Mask): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => mask.has(name))
      .map(([name, held]) => {
        const inner = mask.get(name)
        return [name, inner === undefined ? held : pick(held, parse(inner))]
      }),
  )
}
