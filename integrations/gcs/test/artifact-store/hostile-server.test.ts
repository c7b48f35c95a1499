/** What a hostile or careless server cannot do to a store: fill its memory, hold it for ever, or have its lies believed. */
import {
  allVerbs,
  collect,
  describingVerbs,
  expectRefused,
  type HostileAnswer,
  type HostileRequest,
  hostileAnswers,
  listingVerbs,
  startHostileServer,
  strangePages,
} from '@stack/test-servers'
import { describe, expect, it } from 'vitest'
import type { GcsArtifactStore } from '../../src/artifact-store/gcs-artifact-store.js'
import { makeStore } from './gcs-store.js'

const mebibyte = 1024 ** 2
/** What lies in the buffers of both ends of a connection of this machine. */
const buffers = 24 * mebibyte

/** Runs on a store at a hostile server, which is released afterwards. */
async function onHostile<Result>(
  answer: (request: HostileRequest, number: number) => HostileAnswer,
  run: (store: GcsArtifactStore, server: Awaited<ReturnType<typeof startHostileServer>>) => Promise<Result>,
  credentials?: (endpoint: string) => string,
): Promise<Result> {
  const server = await startHostileServer(answer)
  const store = makeStore({ path: 'gs://bucket/root', endpoint: server.endpoint }, credentials?.(server.endpoint))
  try {
    return await run(store, server)
  } finally {
    await store.dispose()
    await server[Symbol.asyncDispose]()
  }
}

describe.each(Object.entries(hostileAnswers))('%s', (_, answer) => {
  it.each(allVerbs)('makes %s fail as unavailable, and is hung up on', async (_, run) => {
    await onHostile(
      () => answer,
      async (store, server) => {
        await expectRefused(run(store), 'unavailable')
        expect(server.mostSent()).toBeLessThan(buffers)
      },
    )
  })

  it('fails the checks of verify', async () => {
    await onHostile(
      () => answer,
      async (store, server) => {
        const failed = (await store.verify()).checks.filter(({ status }) => status === 'failed')
        expect(new Set(failed.map(({ code }) => code))).toEqual(new Set(['unavailable']))
        expect(server.mostSent()).toBeLessThan(buffers)
      },
    )
  })
})

describe.each(Object.entries(strangePages))('%s', (_, answer) => {
  it.each([...describingVerbs, ...allVerbs.filter(([name]) => /^(stat|exists|copyfile|rename|write once)/.test(name))])(
    'is no success of %s',
    async (_, run) => {
      await onHostile(
        () => answer,
        async (store, server) => {
          await expectRefused(run(store), 'unavailable')
          expect(server.mostSent()).toBeLessThan(64 * mebibyte + buffers)
        },
      )
    },
  )
})

it('an error of a server that is overloaded is not read to an end that it has not', async () => {
  await onHostile(
    () => ({ status: 503, endless: ' ' }),
    async (store, server) => {
      await expectRefused(store.read('a'), 'unavailable')
      expect(server.mostSent()).toBeLessThan(buffers)
    },
  )
})

it('what a server says is cut, and cannot move the cursor', async () => {
  const message = `\u001b[2J\u202e${'long '.repeat(2000)}`
  await onHostile(
    () => ({ status: 400, body: JSON.stringify({ error: { message, errors: [{ reason: 'odd\u0007' }] } }) }),
    async (store) => expectRefused(store.read('a'), 'unexpected'),
  )
})

describe('a listing', () => {
  const json = (value: unknown): HostileAnswer => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  })
  const item = (name: unknown, more: object = {}) => ({ name, size: '1', generation: '1', ...more })
  const refused: readonly (readonly [string, (number: number) => HostileAnswer])[] = [
    ['with a name outside its prefix', () => json({ items: [item('elsewhere/secret.txt')] })],
    ['with a name that is shorter than its prefix', () => json({ items: [item('r')] })],
    ['with a prefix outside its prefix', () => json({ prefixes: ['other/'] })],
    ['with its own prefix as a directory of its own', () => json({ prefixes: ['root/d/', 'root/'] })],
    ['that begins anew again and again', () => json({ items: [item('root/d/a')], nextPageToken: 'same' })],
    ['that goes in a circle of three', (number) => json({ nextPageToken: `token-${number % 3}` })],
    ['of pages that are empty for ever', (number) => json({ nextPageToken: `token-${number}` })],
    ['of the same page for ever', (number) => json({ items: [item('root/d/a')], nextPageToken: `token-${number}` })],
    ['with a name that is none', () => json({ items: [item(7)] })],
    ['without a name', () => json({ items: [{}] })],
    ['of another kind', () => json({ items: { length: 3 } })],
    ['with a prefix that is none', () => json({ prefixes: [null] })],
    ['with a token that is none', () => json({ nextPageToken: { a: 1 } })],
  ]

  it.each(refused)('%s is unavailable to every verb that lists', async (_, answer) => {
    for (const [, run] of listingVerbs.filter(([name]) => name !== 'isdir' && name !== 'rmtree')) {
      let number = 0
      await onHostile(
        ({ url }) => {
          if (/\/o\/./.test(url)) return { status: 404 }
          number += 1
          return answer(number)
        },
        async (store, server) => {
          await expectRefused(run(store), 'unavailable')
          expect(server.requests.length).toBeLessThan(1100)
        },
      )
    }
  })

  it.each([['-1'], ['many'], [-1], [1.5], ['99999999999999999999'], [null], [undefined]])(
    'with a size that is none (%j) is unavailable',
    async (size) => {
      await onHostile(
        () => json({ items: [item('root/d/a', { size })] }),
        async (store) => expectRefused(collect(store.entries('d')), 'unavailable'),
      )
    },
  )

  it('whose names go back is unavailable', async () => {
    await onHostile(
      (_, number) =>
        json({
          items: [item(`root/d/${number === 1 ? 'z' : 'a'}`)],
          ...(number < 3 ? { nextPageToken: `token-${number}` } : {}),
        }),
      async (store) => expectRefused(store.listdir('d'), 'unavailable'),
    )
  })

  it('with a time that is none is listed without it', async () => {
    await onHostile(
      () => json({ items: [item('root/d/a', { updated: 'yesterday' })] }),
      async (store) => {
        const [entry] = await collect(store.entries('d'))
        expect([entry?.name, entry?.modifiedAt]).toEqual(['a', undefined])
      },
    )
  })

  it('whose delimiter was not honoured is that of the directory, each name once', async () => {
    const names = ['root/d/a', 'root/d/sub/', 'root/d/sub/x', 'root/d/sub/y/z', 'root/d/sub-2']
    await onHostile(
      (_, number) =>
        number === 1
          ? json({ items: names.map((name) => item(name)), nextPageToken: 'next' })
          : json({ items: [item('root/d/sub/zz'), item('root/d/z')] }),
      async (store) => expect(await store.listdir('d')).toEqual(['a', 'sub-2', 'sub', 'z']),
    )
  })

  it('that names an object twice is listed with it once', async () => {
    await onHostile(
      (_, number) =>
        number === 1
          ? json({ items: ['root/d/a', 'root/d/a', 'root/d/b'].map((name) => item(name)), nextPageToken: 'next' })
          : json({ items: ['root/d/b', 'root/d/c'].map((name) => item(name)) }),
      async (store) => expect(await store.listdir('d')).toEqual(['a', 'b', 'c']),
    )
  })
})

describe('a body', () => {
  const generation = { 'x-goog-generation': '1' }
  const lies: readonly (readonly [string, HostileAnswer])[] = [
    ['that is whole where a range was asked for', { body: '0123456789', headers: generation }],
    ['of a range that nobody names', { status: 206, body: '234', headers: generation }],
    ['of another range', { status: 206, body: '345', headers: { ...generation, 'content-range': 'bytes 3-5/10' } }],
    [
      'of a range that is none',
      { status: 206, body: '234', headers: { ...generation, 'content-range': 'bytes 4-2/10' } },
    ],
    [
      'of a range beyond its object',
      { status: 206, body: '234', headers: { ...generation, 'content-range': 'bytes 2-4/3' } },
    ],
    [
      'whose length contradicts its range',
      { status: 206, body: '2345', headers: { ...generation, 'content-range': 'bytes 2-4/10' } },
    ],
    [
      'of a range of huge numbers',
      { status: 206, body: '234', headers: { ...generation, 'content-range': 'bytes 2-4/99999999999999999999' } },
    ],
  ]

  it.each(lies)('%s is unavailable', async (_, answer) => {
    await onHostile(
      () => answer,
      async (store) => {
        await expectRefused(store.read('a', { range: { start: 2, end: 5 } }), 'unavailable')
        await expectRefused(
          store.stream('a', { range: { start: 2, end: 5 } }).then((stream) => collect(stream)),
          'unavailable',
        )
      },
    )
  })

  it('of nine petabytes is refused before memory is asked for', async () => {
    await onHostile(
      () => ({ headers: { ...generation, 'content-length': '9000000000000000' }, endless: 'x' }),
      async (store, server) => {
        await expectRefused(store.read('a'), 'unsupported')
        expect(server.mostSent()).toBeLessThan(buffers)
      },
    )
  })

  it('that is cut off, and has no version, is not put together from two', async () => {
    await onHostile(
      (_, number) =>
        number === 1
          ? { raw: 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234' }
          : { status: 206, body: 'abcde', headers: { 'content-range': 'bytes 5-9/10' } },
      async (store) => expectRefused(store.read('a'), 'unavailable'),
    )
  })
})

describe('a copy', () => {
  it.each([
    ['that never advances', { done: false, rewriteToken: 't', totalBytesRewritten: '1' }],
    ['that does not say how it goes on', { done: false }],
    ['that does not say whether it is done', { rewriteToken: 't' }],
  ])('%s is unavailable', async (_, answer) => {
    await onHostile(
      ({ url }) => (url.includes('rewriteTo') ? { body: JSON.stringify(answer) } : { status: 404 }),
      async (store) => expectRefused(store.copyfile('a', 'b', { overwrite: true }), 'unavailable'),
    )
  })
})

describe('an upload in parts', () => {
  it.each([
    ['that nobody says where', {}],
    ['at a place that is none', { location: 'http://[' }],
  ])('%s is unavailable', async (_, headers) => {
    await onHostile(
      () => ({ headers }),
      async (store) => expectRefused(store.write('a', Buffer.alloc(600_000), { partSize: 262_144 }), 'unavailable'),
    )
  })

  it('whose progress is none is unavailable', async () => {
    await onHostile(
      ({ method }): HostileAnswer =>
        method === 'POST'
          ? { headers: { location: '/upload?upload_id=1' } }
          : { status: method === 'PUT' ? 308 : 204, headers: { range: 'bytes=0-99999999999999999999' } },
      async (store) => expectRefused(store.write('a', Buffer.alloc(600_000), { partSize: 262_144 }), 'unavailable'),
    )
  })
})

describe('a server of tokens', () => {
  const external = (endpoint: string) =>
    JSON.stringify({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${endpoint}/token`,
      credential_source: { url: `${endpoint}/subject` },
    })

  it.each([
    ['a 400 without an end', { status: 400, endless: 'x' }],
    ['a token without an end', { headers: { 'content-type': 'application/json' }, endless: '{"access_token":"' }],
    ['a page in HTML', { headers: { 'content-type': 'text/html' }, body: `<html>${'x'.repeat(5000)}</html>` }],
  ] as const)('that answers with %s makes all verbs unauthenticated, and is hung up on', async (_, answer) => {
    await onHostile(
      () => answer,
      async (store, server) => {
        await expectRefused(store.read('a'), 'unauthenticated')
        expect(server.mostSent()).toBeLessThan(buffers)
        await expect.poll(() => server.open()).toBeLessThanOrEqual(1)
      },
      external,
    )
  })
})
