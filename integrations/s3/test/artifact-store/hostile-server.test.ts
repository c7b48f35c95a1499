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
import { type OpenStore, openStore } from './open-store.js'

const dataPlane = {}
const sdk = { clientConfig: { requestHandler: {}, maxAttempts: 1 } }
const ways = [
  ['over the data plane', dataPlane],
  ['over the SDK', sdk],
] as const

const mebibyte = 1024 ** 2
/** What lies in the buffers of both ends of a connection of this machine. */
const buffers = 24 * mebibyte

/** Runs on a store at a hostile server, which is released afterwards. */
async function onHostile<Result>(
  answer: (request: HostileRequest, number: number) => HostileAnswer,
  run: (store: OpenStore, server: Awaited<ReturnType<typeof startHostileServer>>) => Promise<Result>,
  config: Parameters<typeof openStore>[2] = {},
): Promise<Result> {
  const server = await startHostileServer(answer)
  const store = openStore(server, 's3://bucket/root', config)
  try {
    return await run(store, server)
  } finally {
    await store.dispose()
    await server[Symbol.asyncDispose]()
  }
}

describe.each(ways)('%s', (_, way) => {
  // Node's own client waits through announcements for as long as they come.
  const answers = Object.entries(hostileAnswers).filter(([name]) => way !== sdk || !name.startsWith('announcements'))

  describe.each(answers)('%s', (_, answer) => {
    it.each(allVerbs)('makes %s fail as unavailable, and is hung up on', async (_, run) => {
      await onHostile(
        () => answer,
        async (store, server) => {
          await expectRefused(run(store), 'unavailable')
          expect(server.mostSent()).toBeLessThan(buffers)
        },
        way,
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
        way,
      )
    })
  })

  describe.each(Object.entries(strangePages))('%s', (_, answer) => {
    it.each(describingVerbs)('is no success of %s', async (_, run) => {
      await onHostile(
        () => answer,
        async (store, server) => {
          await expectRefused(run(store), 'unavailable')
          expect(server.mostSent()).toBeLessThan(64 * mebibyte + buffers)
        },
        way,
      )
    })
  })

  it('an error of a server that is overloaded is not read to an end that it has not', async () => {
    await onHostile(
      () => ({ status: 503, endless: ' ' }),
      async (store, server) => {
        await expectRefused(store.read('a'), 'unavailable')
        expect(server.mostSent()).toBeLessThan(buffers)
      },
      way,
    )
  })

  it('only a region that is a word enters a hint', async () => {
    for (const [region, hint] of [
      ['eu-west-1', 'Set it: stack artifact-store update NAME --region=eu-west-1'],
      ['us; rm -rf ~ #', 'Check region and endpoint of the store.'],
      ['$(id)', 'Check region and endpoint of the store.'],
      ['--evil', 'Check region and endpoint of the store.'],
    ] as const) {
      const body = `<?xml version="1.0"?><Error><Code>PermanentRedirect</Code><Message>no</Message></Error>`
      await onHostile(
        () => ({ status: 301, headers: { 'x-amz-bucket-region': region }, body }),
        async (store) => {
          const error = await store.read('a').catch((thrown: unknown) => thrown)
          expect(error).toMatchObject({ code: 'invalid-config', hint })
          if (region !== 'eu-west-1') expect((error as Error).message).not.toContain(region)
        },
        way,
      )
    }
  })

  it('a redirect that names another region says which, whatever its status', async () => {
    for (const status of [301, 307, 308]) {
      await onHostile(
        () => ({ status, headers: { 'x-amz-bucket-region': 'eu-west-1', location: 'https://x.example/' } }),
        async (store) => {
          for (const ask of [() => store.read('a'), () => store.exists('a'), () => store.listdir('')]) {
            await expect(ask()).rejects.toMatchObject({
              code: 'invalid-config',
              hint: expect.stringContaining('eu-west-1'),
            })
          }
        },
        way,
      )
    }
  })

  it('what a server says is cut, and cannot move the cursor', async () => {
    const words = `\u001b[2J\u202e${'long '.repeat(2000)}`.replaceAll('\u001b', '&#27;')
    await onHostile(
      () => ({ status: 400, body: `<?xml version="1.0"?><Error><Code>Odd</Code><Message>${words}</Message></Error>` }),
      async (store) => expectRefused(store.read('a'), 'unexpected'),
      way,
    )
  })

  describe('a listing', () => {
    const object = (key: string, more = '<Size>1</Size>') => `<Contents><Key>${key}</Key>${more}</Contents>`
    const page = (content: string, next?: string): HostileAnswer => ({
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0"?><ListBucketResult><Name>bucket</Name>${content}<IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}</ListBucketResult>`,
    })
    const prefix = (text: string) => `<CommonPrefixes><Prefix>${text}</Prefix></CommonPrefixes>`
    const refused: readonly (readonly [string, (number: number) => HostileAnswer])[] = [
      ['with a key outside its prefix', () => page(object('elsewhere/secret.txt'))],
      ['with a key that is shorter than its prefix', () => page(object('r'))],
      ['with a prefix outside its prefix', () => page(prefix('other/'))],
      ['with its own prefix as a directory of its own', () => page(prefix('root/d/') + prefix('root/'))],
      ['that begins anew again and again', () => page(object('root/d/a'), 'same')],
      ['that goes in a circle of three', (number) => page('', `token-${number % 3}`)],
      ['of pages that are empty for ever', (number) => page('', `token-${number}`)],
      ['of the same page for ever', (number) => page(object('root/d/a'), `token-${number}`)],
      ['that is cut off without a token', () => page(object('root/d/a'), '')],
      ['with a negative size', () => page(object('root/d/a', '<Size>-1</Size>'))],
      ['with a size that is none', () => page(object('root/d/a', '<Size>many</Size>'))],
      ['with a size beyond what is exact', () => page(object('root/d/a', '<Size>99999999999999999999</Size>'))],
    ]

    it.each(refused)('%s is unavailable to every verb that lists', async (_, answer) => {
      for (const [, run] of listingVerbs.filter(([name]) => name !== 'isdir' && name !== 'rmtree')) {
        let number = 0
        await onHostile(
          ({ method }) => {
            if (method !== 'GET') return { status: 404 }
            number += 1
            return answer(number)
          },
          async (store, server) => {
            await expectRefused(run(store), 'unavailable')
            expect(server.requests.length).toBeLessThan(1100)
          },
          way,
        )
      }
    })

    it('whose keys go back is unavailable', async () => {
      await onHostile(
        (_, number) => page(object(`root/d/${number === 1 ? 'z' : 'a'}`), number < 3 ? `token-${number}` : undefined),
        async (store) => expectRefused(store.listdir('d'), 'unavailable'),
        way,
      )
    })

    it('without times and ETags is listed without them', async () => {
      await onHostile(
        () => page(object('root/d/a', '<Size>3</Size>')),
        async (store) => {
          const [entry] = await collect(store.entries('d'))
          expect(entry).toMatchObject({ name: 'a', size: 3 })
          expect([entry?.modifiedAt, entry?.version]).toEqual([undefined, undefined])
        },
        way,
      )
    })

    it('with a time that is none is listed without it, or not understood by the SDK', async () => {
      await onHostile(
        () => page(object('root/d/a', '<LastModified>yesterday</LastModified><Size>3</Size>')),
        async (store) => {
          const entries = collect(store.entries('d'))
          if (way === sdk) await expectRefused(entries, 'unavailable')
          else expect((await entries).map(({ modifiedAt }) => modifiedAt)).toEqual([undefined])
        },
        way,
      )
    })

    it('whose delimiter was not honoured is that of the directory, each name once', async () => {
      const keys = ['root/d/a', 'root/d/sub/', 'root/d/sub/x', 'root/d/sub/y/z', 'root/d/sub-2']
      await onHostile(
        (_, number) =>
          number === 1
            ? page(keys.map((key) => object(key)).join(''), 'next')
            : page(object('root/d/sub/zz') + object('root/d/z')),
        async (store) => expect(await store.listdir('d')).toEqual(['a', 'sub-2', 'sub', 'z']),
        way,
      )
    })

    it('that names an object twice is listed with it once', async () => {
      await onHostile(
        (_, number) =>
          number === 1
            ? page(object('root/d/a') + object('root/d/a') + object('root/d/b'), 'next')
            : page(object('root/d/b') + object('root/d/c')),
        async (store) => expect(await store.listdir('d')).toEqual(['a', 'b', 'c']),
        way,
      )
    })
  })

  describe('a body', () => {
    const etag = { etag: '"1"' }
    const lies: readonly (readonly [string, HostileAnswer])[] = [
      ['that is whole where a range was asked for', { body: '0123456789', headers: etag }],
      ['of a range that nobody names', { status: 206, body: '234', headers: etag }],
      ['of another range', { status: 206, body: '345', headers: { ...etag, 'content-range': 'bytes 3-5/10' } }],
      ['of a range that is none', { status: 206, body: '234', headers: { ...etag, 'content-range': 'bytes 4-2/10' } }],
      [
        'of a range beyond its object',
        { status: 206, body: '234', headers: { ...etag, 'content-range': 'bytes 2-4/3' } },
      ],
      [
        'whose length contradicts its range',
        { status: 206, body: '2345', headers: { ...etag, 'content-range': 'bytes 2-4/10' } },
      ],
      [
        'of a range in words',
        { status: 206, body: '234', headers: { ...etag, 'content-range': 'bytes two-four/ten' } },
      ],
      [
        'of a range of huge numbers',
        { status: 206, body: '234', headers: { ...etag, 'content-range': 'bytes 2-4/99999999999999999999' } },
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
        way,
      )
    })

    it('of nine petabytes is refused before memory is asked for', async () => {
      await onHostile(
        () => ({ headers: { ...etag, 'content-length': '9000000000000000' }, endless: 'x' }),
        async (store, server) => {
          await expectRefused(store.read('a'), 'unsupported')
          expect(server.mostSent()).toBeLessThan(buffers)
        },
        way,
      )
    })

    it('that is cut off, and has no version, is not put together from two', async () => {
      await onHostile(
        (_, number) =>
          number === 1
            ? { raw: 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234' }
            : { status: 206, body: 'abcde', headers: { 'content-range': 'bytes 5-9/10' } },
        async (store) => expectRefused(store.read('a'), 'unavailable'),
        way,
      )
    })

    it('of another version than asked for is refused, where the server ignores the condition', async () => {
      await onHostile(
        () => ({ body: 'new', headers: { etag: '"2"' } }),
        async (store) => expectRefused(store.read('a', { ifMatch: '"1"' }), 'precondition-failed'),
        way,
      )
    })
  })

  it('a version that no object has is not sent', async () => {
    await onHostile(
      () => ({ headers: { etag: '"1"' } }),
      async (store, server) => {
        const driver = await store.openDriver()
        for (const ifMatch of ['', '*', ' *', '"1", "2"', '1\r\nx-amz-acl: public-read']) {
          const refused = expect.objectContaining({ code: 'precondition-failed' })
          await expect(driver.get('a', { ifMatch })).rejects.toEqual(refused)
          await expect(driver.put('a', { kind: 'bytes', bytes: Buffer.from('x') }, { ifMatch })).rejects.toEqual(
            refused,
          )
          await expect(driver.multipart?.('a', { ifMatch })).rejects.toEqual(refused)
        }
        expect(server.requests).toEqual([])
      },
      way,
    )
  })

  it('a name that the server refuses is invalid-path', async () => {
    for (const code of ['XMinioInvalidObjectName', 'XMinioInvalidResourceName']) {
      await onHostile(
        () => ({ status: 400, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>` }),
        async (store) => expectRefused(store.read('a'), 'invalid-path'),
        way,
      )
    }
  })
})

it('a key that is encoded wrongly is unavailable', async () => {
  const body = (content: string) =>
    `<?xml version="1.0"?><ListBucketResult><StartAfter>%2B%25</StartAfter><EncodingType>url</EncodingType>${content}<IsTruncated>false</IsTruncated></ListBucketResult>`
  await onHostile(
    () => ({ body: body('<Contents><Key>root/d/%zz</Key><Size>1</Size></Contents>') }),
    async (store) => expectRefused(store.listdir('d'), 'unavailable'),
  )
})
