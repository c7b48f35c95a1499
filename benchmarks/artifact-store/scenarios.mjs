/** The scenarios whose clients have processes of their own. */
import { gcsObjects } from './gcs-objects.mjs'
import { s3LargeFiles } from './s3-large-files.mjs'
import { s3Listing } from './s3-listing.mjs'
import { s3Memory } from './s3-memory.mjs'
import { s3Objects } from './s3-objects.mjs'
import { s3Wire } from './s3-wire.mjs'

export const scenarios = [...s3Objects, ...s3LargeFiles, ...s3Memory, ...s3Wire, ...s3Listing, ...gcsObjects]
