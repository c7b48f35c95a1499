/** Comparing two objects of a store: whether one is a copy of the other. */
import { isDeepStrictEqual } from 'node:util'
import type { ArtifactStoreDriver, OperationOptions, Stat } from './driver.js'
import { readObject } from './read-object.js'

/** Bytes of each that are compared at a time. */
const pieceSize = 8 * 1024 ** 2

/** Whether two objects have the same bytes, content type and metadata. */
export async function isSameObject(
  driver: ArtifactStoreDriver,
  keys: readonly [string, string],
  options: OperationOptions,
): Promise<boolean> {
  const [one, other] = await Promise.all(keys.map((key) => driver.head(key, options)))
  if (one == null || other == null || !isDeepStrictEqual(described(one), described(other))) return false
  const [sum, otherSum] = [one.checksum, other.checksum]
  if (sum !== undefined && otherSum !== undefined && algorithm(sum) === algorithm(otherSum)) return sum === otherSum
  for (let start = 0; start < one.size; start += pieceSize) {
    const range = { start, end: Math.min(start + pieceSize, one.size) }
    const [piece, otherPiece] = await Promise.all(keys.map((key) => readObject(driver, key, { ...options, range })))
    if (piece === undefined || otherPiece === undefined || Buffer.compare(piece, otherPiece) !== 0) return false
  }
  return true
}

/** What a copy has as its original has it. */
function described({ size, contentType, metadata = {} }: Stat) {
  return { size, contentType, metadata: { ...metadata } }
}

function algorithm(checksum: string): string {
  return checksum.slice(0, checksum.indexOf(':'))
}
