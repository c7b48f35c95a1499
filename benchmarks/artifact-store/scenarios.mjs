/** All scenarios: each the same work by several clients, of which one is ours. */
import { s3Objects } from './s3-objects.mjs'

export const scenarios = [...s3Objects]
