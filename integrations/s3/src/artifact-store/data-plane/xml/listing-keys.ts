/** Decodes the keys of a listing, which servers encode in different ways. */
import { StackError } from '@stack/core'
import { cutText } from '@stack/object-http'
import type { ListRequest } from '../../calls/s3-calls.js'
import { type ListPageXml, readListPage } from './listing-xml.js'

/** Sent as a parameter, it comes back encoded as the keys are, unless the server is Ceph. */
const witness = '+%'

type Decoder = (text: string) => string

/** Gets a page of one key, as the server wrote it. */
type Ask = (request: { readonly prefix: string; readonly startAfter?: string }) => Promise<ListPageXml>

/** Finds out once how a server encodes keys, and only where it matters. */
export class ListingKeys {
  readonly #ask: Ask
  #decoder: Decoder | undefined

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** The decoder for a page; nothing is encoded where neither a plus nor a percent sign is in it. */
  async decoder(xml: string, { prefix }: ListRequest): Promise<Decoder> {
    if (this.#decoder !== undefined || !isEncoded(xml)) return this.#decoder ?? asItIs
    const name = names(readListPage(xml, asItIs)).find(isEncoded)
    if (name === undefined) return asItIs
    this.#decoder = await this.#find(prefix, name)
    return this.#decoder ?? asItIs
  }

  /**
   * A server that gives the witness back changed encodes names. One that does not may encode nothing, whatever it was asked
   * for, or everything but the witness, as Ceph does: a name of a page tells, by whether it is found as it stands or decoded.
   * Nothing where it is found in neither way, because it was deleted meanwhile.
   */
  async #find(prefix: string, name: string): Promise<Decoder | undefined> {
    if ((await this.#ask({ prefix, startAfter: witness })).startAfter !== witness) return decodeForm
    const [asItStands] = names(await this.#ask({ prefix: name }))
    if (asItStands?.startsWith(name)) return asItIs
    const decoded = attempt(decodeForm, name)
    if (decoded === undefined) return asItIs
    const [encoded] = names(await this.#ask({ prefix: decoded }))
    return encoded !== undefined && attempt(decodeForm, encoded)?.startsWith(decoded) ? decodeForm : undefined
  }
}

function names({ objects, prefixes }: ListPageXml): readonly string[] {
  return [...objects.map(({ key }) => key), ...prefixes]
}

const asItIs: Decoder = (text) => text

/**
 * As forms are encoded, which is S3's way.
 * @throws StackError `unavailable` where it is not.
 */
const decodeForm: Decoder = (text) => {
  if (!isEncoded(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'))
  } catch {
    throw new StackError('unavailable', `the server lists a key that is encoded wrongly: ${cutText(text)}`)
  }
}

/** Says whether there is anything to decode. */
function isEncoded(text: string): boolean {
  return text.includes('%') || text.includes('+')
}

/** Nothing where a text is not encoded in that way. */
function attempt(decoder: Decoder, text: string): string | undefined {
  try {
    return decoder(text)
  } catch {
    return undefined
  }
}
