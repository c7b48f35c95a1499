/** The headers that authorize requests: from Google's library, which is loaded on the first of them. */
import { cutText } from '@stack/object-http'
import type { GoogleAuth, GoogleAuthOptions } from 'google-auth-library'
import { boundTokens } from './bounded-tokens.js'

/** Tokens are renewed minutes before they expire, so that headers of a minute ago are good. */
const keptMs = 60_000

/** No token was to be had. It has no cause: what the library throws holds the request, and so the key. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}

type AuthorizationHeaders = Readonly<Record<string, string>>

export class Authorization {
  readonly #options: GoogleAuthOptions
  #auth: Promise<GoogleAuth> | undefined
  #headers: Promise<AuthorizationHeaders> | undefined
  #until = 0

  constructor(options: GoogleAuthOptions) {
    this.#options = options
  }

  /** @throws CredentialsError */
  headers(): Promise<AuthorizationHeaders> {
    if (this.#headers === undefined || Date.now() > this.#until) {
      this.#until = Date.now() + keptMs
      const asked = this.#ask()
      this.#headers = asked
      asked.catch(() => {
        if (this.#headers === asked) this.#headers = undefined
      })
    }
    return this.#headers
  }

  /** Asks for another token the next time, since the server refused this one. */
  async renew(refused: AuthorizationHeaders): Promise<void> {
    if ((await this.#headers?.catch(() => undefined)) !== refused) return
    this.#headers = undefined
    // A new one knows no token yet.
    this.#auth = undefined
  }

  /** Google's own authentication, which signs as well. */
  auth(): Promise<GoogleAuth> {
    this.#auth ??= makeAuth(this.#options)
    return this.#auth
  }

  async #ask(): Promise<AuthorizationHeaders> {
    try {
      const auth = await this.auth()
      boundTokens(await auth.getClient())
      return await auth.getRequestHeaders()
    } catch (error) {
      throw new CredentialsError(error instanceof Error ? firstSentence(error.message) : 'no token was given')
    }
  }
}

async function makeAuth(options: GoogleAuthOptions): Promise<GoogleAuth> {
  const { GoogleAuth } = await import('google-auth-library')
  const auth = new GoogleAuth(options)
  // A service account signs its own tokens, which spares a request to the server of tokens: https://google.aip.dev/auth/4111
  auth.useJWTAccessWithScope = true
  return auth
}

function firstSentence(text: string): string {
  return cutText((text.split(/\.\s/)[0] ?? text).replace(/\.$/, ''))
}
