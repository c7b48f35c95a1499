/** Bytes as a broken disk, a cut connection or a stranger leaves them. */
import fc from 'fast-check'

interface Edit {
  readonly act: 'cut' | 'insert' | 'overwrite' | 'repeat'
  readonly place: number
  readonly bytes: Uint8Array
}

/** Valid bytes that were cut, overwritten, repeated or added to in one to four places; or any other bytes. */
export function damagedBytes(valid: Uint8Array | string): fc.Arbitrary<Uint8Array> {
  const start = typeof valid === 'string' ? new TextEncoder().encode(valid) : valid
  const edit: fc.Arbitrary<Edit> = fc.record({
    act: fc.constantFrom('cut', 'insert', 'overwrite', 'repeat'),
    place: fc.nat(),
    bytes: fc.uint8Array({ maxLength: 20 }),
  })
  const edited = fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce(applyEdit, Buffer.from(start)) as Uint8Array)
  return fc.oneof({ weight: 9, arbitrary: edited }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) })
}

function applyEdit(bytes: Buffer, { act, place, bytes: given }: Edit): Buffer {
  const index = place % (bytes.length + 1)
  const before = bytes.subarray(0, index)
  const after = bytes.subarray(index)
  if (act === 'cut') return Buffer.from(before)
  if (act === 'insert') return Buffer.concat([before, given, after])
  if (act === 'repeat') return Buffer.concat([bytes, after])
  return Buffer.concat([before, given, after.subarray(given.length)])
}
