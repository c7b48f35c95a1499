/** The CRC that GCS keeps of every object, by the processor's own instruction. */
import { crc32c as compute } from '@node-rs/crc32'
import type { Crc } from '@stack/core'

export const crc32c: Crc = { name: 'crc32c', of: (bytes, previous) => compute(bytes, previous) }
