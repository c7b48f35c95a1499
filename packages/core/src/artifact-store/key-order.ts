/** The order of listings: by key in UTF-8 byte order, a directory counting as `name/`. */
import type { Stat } from './driver.js'

/** Compares two strings by the bytes of their UTF-8 form, which JavaScript's own order is not for surrogates. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}

/** The key by which an entry stands in a listing. */
export function sortKey(entry: Pick<Stat, 'key' | 'kind'>): string {
  return entry.kind === 'directory' ? `${entry.key}/` : entry.key
}

/** Puts surrogates, which stand for code points above U+FFFF, behind the rest of the basic plane. */
function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
