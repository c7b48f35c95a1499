/** Tokens that a service account signs itself: https://google.aip.dev/auth/4111 */
import { createVerify, type KeyObject } from 'node:crypto'

/** Says whether a token is one that the account signed itself, and is good now. */
export function isSelfSigned(token: string, key: KeyObject): boolean {
  const [head = '', claims = '', signature = ''] = token.split('.')
  if (!createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(key, signature, 'base64url')) return false
  const { iat, exp, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const now = Date.now() / 1000
  return iat <= now + 60 && exp > now && exp - iat <= 3600 && /devstorage/.test(scope)
}
