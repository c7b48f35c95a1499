/** The S3 servers of the conformance kit, and what each keeps a store from promising. */
import type { ServerName } from '@stack/test-servers'

export interface TestedServer {
  /** The server keeps checksums, so that a flipped byte is noticed. */
  readonly checksums: boolean
  /** By case of the kit, with the reason. */
  readonly skip: Readonly<Record<string, string>>
}

const fileAndDirectory = 'the server does not keep a file and a directory of one name'
const refusesKeys = 'the server refuses such keys'
const aliasesKeys = 'the server takes such a key for another one, or refuses it'
const noChecksums = 'the server keeps no checksums'
const noSignatures = 'the server checks no signature'

const unchecked = {
  '30.damaged-once': noChecksums,
  '30.damaged-always': noChecksums,
  '30.noticed': noChecksums,
}

/** What the server from npm does not do, with or without faults on the way to it. */
export const fauxqsSkips = {
  'presign.expired': noSignatures,
  'presign.tampered': noSignatures,
  'verify.uploads': 'the server lists no unfinished uploads',
  '46.empty': 'the server drops metadata without a value',
}

/** The servers that speak S3. */
export type S3ServerName = Exclude<ServerName, 'fake-gcs'>

export const servers: Readonly<Record<S3ServerName, TestedServer>> = {
  fauxqs: {
    checksums: false,
    skip: { ...unchecked, ...fauxqsSkips, '29.pinned': 'it takes no body of more than 11 MiB' },
  },
  versitygw: {
    checksums: true,
    skip: {
      '3.below-a-file': fileAndDirectory,
      '12.names': 'its listings have U+FFFD for characters that no XML may hold',
      '14.file-and-directory': fileAndDirectory,
      '37.empty-segments': aliasesKeys,
      '37.dot-segments': aliasesKeys,
      '37.long-names': refusesKeys,
      'model.foreign-keys': aliasesKeys,
      '38.marker-with-bytes': 'the server keeps markers as directories, which hold no bytes',
    },
  },
  minio: {
    checksums: true,
    skip: {
      '14.file-and-directory': fileAndDirectory,
      '37.empty-segments': refusesKeys,
      '37.dot-segments': refusesKeys,
      '37.long-names': refusesKeys,
      'model.foreign-keys': refusesKeys,
    },
  },
  'ceph-rgw': { checksums: false, skip: unchecked },
}
