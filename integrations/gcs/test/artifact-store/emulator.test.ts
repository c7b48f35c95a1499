/** What `verify` finds out about an emulator. */
import { describeOnServer } from '@stack/test-servers'
import { expect, it } from 'vitest'
import { makeStore } from './gcs-store.js'

await describeOnServer('verify of a GCS store', 'fake-gcs', (server) => {
  it('warns of the conditions that the server ignores, and of nothing else', async () => {
    const store = makeStore({ path: `gs://${await server().createBucket()}`, endpoint: server().endpoint })
    const { checks } = await store.verify()
    expect(checks.filter(({ status }) => status !== 'ok')).toMatchObject([
      { name: 'conditional-copy', status: 'warning', message: expect.stringContaining('on copies') },
    ])
    expect(await store.listdir('')).toEqual([])
  })
})
