/** What a test sees of a server. */

/** The servers: `fauxqs` comes from npm and is always there, the others are programs that `scripts/servers` installs. */
export const serverNames = ['fauxqs', 'versitygw', 'minio', 'ceph-rgw', 'fake-gcs'] as const
export type ServerName = (typeof serverNames)[number]

/** What a client of an S3 server signs with; `fauxqs` and `fake-gcs` check nothing. */
export interface ServerCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A server that listens on the loopback interface until it is disposed of, with its data. */
export interface RunningServer extends AsyncDisposable {
  readonly name: ServerName
  readonly protocol: 's3' | 'gcs'
  /** `http://127.0.0.1:<port>`; S3 servers want the bucket in the path. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: ServerCredentials
  /** Makes an empty bucket of a name of its own, and gives the name. */
  createBucket(): Promise<string>
}
