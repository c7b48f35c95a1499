/** A service account of tests, and what it signs. */
import { createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto'

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

/** Says whether a token is one that the account signed itself, and is good now. */
export function isSelfSigned(token: string, key: KeyObject): boolean {
  const [head = '', claims = '', signature = ''] = token.split('.')
  if (!createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(key, signature, 'base64url')) return false
  const { iat, exp, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const now = Date.now() / 1000
  return iat <= now + 60 && exp > now && exp - iat <= 3600 && /devstorage/.test(scope)
}
