/** The objects of a bucket, and the conditions of what is done to them. */
import { createHash } from 'node:crypto'
import { crc32c } from '@node-rs/crc32'
import { compareKeys } from '@stack/core'
import { encodeCrc } from '@stack/object-http'
import { invalid, noSuchObject, RequestError } from './request-error.js'

/** What a writer says of an object. */
export interface ObjectDescription {
  readonly name?: string
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly cacheControl?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly crc32c?: string
  readonly md5Hash?: string
}

export interface StoredObject extends ObjectDescription {
  readonly name: string
  readonly bytes: Buffer
  readonly generation: string
  readonly crc32c: string
  readonly md5Hash: string
  readonly updated: string
}

/** Conditions as a query gives them. */
export interface Conditions {
  readonly ifGenerationMatch?: string | undefined
}

export class Bucket {
  readonly name: string
  readonly objects = new Map<string, StoredObject>()
  static #generation = Date.now() * 1000

  constructor(name: string) {
    this.name = name
  }

  find(name: string): StoredObject {
    const found = this.objects.get(name)
    if (found === undefined) throw noSuchObject(this.name, name)
    return found
  }

  /** @throws RequestError 412 */
  check(name: string, { ifGenerationMatch }: Conditions): void {
    if (ifGenerationMatch === undefined) return
    if (!/^\d+$/.test(ifGenerationMatch)) throw invalid('Invalid value for ifGenerationMatch.')
    if ((this.objects.get(name)?.generation ?? '0') !== ifGenerationMatch) {
      const message = 'At least one of the pre-conditions you specified did not hold.'
      throw new RequestError(412, 'conditionNotMet', message)
    }
  }

  /** Keeps an object, where its sums and the conditions hold. */
  write(description: ObjectDescription, bytes: Buffer, conditions: Conditions): StoredObject {
    const name = checkName(description.name)
    this.check(name, conditions)
    const sums = { crc32c: encodeCrc(crc32c(bytes)), md5Hash: createHash('md5').update(bytes).digest('base64') }
    for (const [field, word] of [['crc32c', 'CRC32C'] as const, ['md5Hash', 'MD5 hash'] as const]) {
      const [given, found] = [description[field], sums[field]]
      if (given !== undefined && given !== found) {
        throw invalid(`Provided ${word} "${given}" doesn't match calculated ${word} "${found}".`)
      }
    }
    for (const value of Object.values(description.metadata ?? {})) {
      if (typeof value !== 'string') throw invalid('Metadata values are strings.')
    }
    Bucket.#generation += 1
    const generation = String(Bucket.#generation)
    const stored = { ...description, ...sums, name, bytes, generation, updated: new Date().toISOString() }
    this.objects.set(name, stored)
    return stored
  }

  /** Names in the order of their UTF-8 bytes. */
  names(): string[] {
    return [...this.objects.keys()].sort(compareKeys)
  }
}

/** https://cloud.google.com/storage/docs/objects#naming */
export function checkName(name: string | undefined): string {
  if (name === undefined || name === '') throw new RequestError(400, 'required', 'Required')
  const bad =
    Buffer.byteLength(name) > 1024 ||
    /[\r\n]/.test(name) ||
    name === '.' ||
    name === '..' ||
    name.startsWith('.well-known/acme-challenge/')
  if (bad) throw invalid(`Invalid object name: ${JSON.stringify(name.slice(0, 40))}`)
  return name
}
