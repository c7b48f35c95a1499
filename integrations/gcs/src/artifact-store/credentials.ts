/** Reads the key that a config gives, as text or as a file. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { StackError } from '@stack/core'
import type { JWTInput } from 'google-auth-library'
import type { GcsArtifactStoreConfig } from './config.js'

/** A key: of a service account, of a person, or of a federation. */
export type Credentials = JWTInput & { readonly type: string }

/**
 * Gives nothing where the config has no key.
 * @throws StackError `invalid-config` where it cannot be read, in words that hold nothing of it.
 */
export async function readCredentials(
  { credentials, keyFile }: Pick<GcsArtifactStoreConfig, 'credentials' | 'keyFile'>,
  projectRoot: string,
): Promise<Credentials | undefined> {
  if (credentials !== undefined && keyFile !== undefined) {
    throw new StackError('invalid-config', 'credentials and keyFile exclude each other')
  }
  if (credentials !== undefined) return parseKey(credentials.reveal(), 'the value of credentials')
  if (keyFile === undefined) return undefined
  const path = resolve(projectRoot, keyFile)
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new StackError('invalid-config', `the key file ${JSON.stringify(path)} cannot be read (${cause.code})`, {
      cause,
    })
  })
  return parseKey(text, `the key file ${JSON.stringify(path)}`)
}

function parseKey(text: string, what: string): Credentials {
  const parsed = parseJson(text)
  if (isCredentials(parsed)) return parsed
  throw new StackError('invalid-config', `${what} is no JSON of a key`, {
    hint: 'Give the JSON that Google Cloud made for the service account, as it is.',
  })
}

/** The words of the parser would show a piece of the key. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isCredentials(value: unknown): value is Credentials {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
