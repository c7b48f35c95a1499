/** The root of a store, on a bucket or nested in it. */
export function bucketPath(bucket: string, below: string | undefined): string {
  return below === undefined ? `gs://${bucket}` : `gs://${bucket}/${below}`
}
