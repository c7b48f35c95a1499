/** Metadata as S3 and its servers keep it. */
import { describe, expect, it } from 'vitest'
import { checkS3Metadata } from '../../src/artifact-store/s3-object.js'

/** What is left of 2 KiB beside the store's own mark, and of that beside the header of a name of one letter. */
const most = 2048 - 58
const longestValue = most - 'x-amz-meta-a'.length

describe('metadata', () => {
  it('may fill what S3 keeps, as it travels', () => {
    checkS3Metadata({ a: 'x'.repeat(longestValue) })
    // Each of these letters travels as six.
    checkS3Metadata({ a: 'ä'.repeat(Math.floor(longestValue / 6)) })
  })

  it.each([
    ['of one byte more', { a: 'x'.repeat(longestValue + 1) }],
    ['of letters that travel as more', { a: 'ä'.repeat(Math.floor(longestValue / 6) + 1) }],
    ['of many names', Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`n${index}`, '']))],
    ['with a name that some servers change', { a_b: 'x' }],
  ])('%s is usage', (_, metadata) => {
    expect(() => checkS3Metadata(metadata as Record<string, string>)).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.any(String) }),
    )
  })
})
