/** A service account of tests. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Whose signatures a test's server accepts. */
export const serviceAccountKey: KeyObject = publicKey

/** The key as Google gives it. */
export const serviceAccount = JSON.stringify({
  type: 'service_account',
  project_id: 'project',
  private_key_id: 'key-1',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  client_email: 'store@project.iam.gserviceaccount.com',
})
