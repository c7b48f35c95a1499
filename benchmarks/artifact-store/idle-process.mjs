/** Makes a component as a program does that runs a stack, from a config that is checked, and calls nothing of it. */
import { openGcsStore } from './gcs-peers.mjs'
import { openS3Store } from './peers.mjs'

const server = { endpoint: 'http://127.0.0.1:1' }
await (process.argv[2] === 'gcs' ? openGcsStore(server) : openS3Store(server))
