/** From the SDK's responses to what the store knows of objects. */
import type { GetObjectCommandOutput, HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { StackError } from '@stack/core'
import { statedTime } from '@stack/object-http'
import type { ObjectDescription, Written } from '../calls/s3-calls.js'

type Told = Partial<HeadObjectCommandOutput> & Pick<GetObjectCommandOutput, 'ETag'>

/** What the response to a write says of the object. */
export function written(told: { readonly ETag?: string | undefined } | undefined, crc32Sent?: string): Written {
  return {
    ...(told?.ETag ? { version: told.ETag } : {}),
    ...(crc32Sent === undefined ? {} : { crc32: crc32Sent }),
  }
}

/** Describes the object of a response. */
export function describe(told: Told, size: number): ObjectDescription {
  const { ETag, LastModified, ContentType, Metadata = {}, ChecksumCRC32: sum, ChecksumType } = told
  const modifiedAt = statedTime(LastModified)
  // A composite checksum is one of the parts' checksums, which says nothing of the whole.
  const whole = sum !== undefined && ChecksumType !== 'COMPOSITE' && !sum.includes('-')
  return {
    ...{ size, metadata: Metadata },
    ...(ETag === undefined ? {} : { version: ETag }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(ContentType === undefined ? {} : { contentType: ContentType }),
    ...(whole ? { crc32: sum } : {}),
  }
}

/** The SDK compares checksums too, in words of its own. */
export async function* checkedBySdk(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('Checksum mismatch'))) throw error
    const reason = 'its bytes have another CRC-32 than those that were written'
    throw new StackError('checksum-mismatch', reason, { cause: error })
  }
}
