/** What `verify` says of a server, from what a probe found. */
import type { VerifyCheck } from '@stack/core'
import type { ServerProbe } from './probe-server.js'

const promises: Readonly<Record<keyof ServerProbe, { readonly kept: string; readonly broken: string }>> = {
  'conditional-copy': {
    kept: 'a copy that must not replace an object is refused where there is one',
    broken:
      'the server ignores ifGenerationMatch on copies: a copy or a rename may replace what another made meanwhile',
  },
  checksums: {
    kept: 'an object whose CRC32C is another is refused',
    broken: 'the server does not check the CRC32C of what it receives',
  },
}

export function* describeProbe(probe: ServerProbe): Generator<VerifyCheck, void, undefined> {
  for (const [name, { kept, broken }] of Object.entries(promises)) {
    const passed = probe[name as keyof ServerProbe]
    if (passed) yield { name, status: 'ok', message: kept }
    else yield { name, status: 'warning', message: broken, hint: 'Use Google Cloud Storage where it matters.' }
  }
  yield {
    name: 'unfinished-uploads',
    status: 'ok',
    message: 'GCS lists none: what a killed writer left is invisible and expires after a week',
  }
}
