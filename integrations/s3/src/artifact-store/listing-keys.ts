/** Decodes the keys of a listing, which servers encode in different ways. */
import { type ListPageXml, readListPage } from './listing-xml.js'
import type { ListRequest } from './s3-calls.js'

/** Sent as a parameter, it comes back encoded as the keys are. */
const witness = '+%'

type Decoder = (text: string) => string
type Question = Pick<ListRequest, 'prefix' | 'startAfter'>

/** Finds out once how a server encodes keys, and only where it matters. */
export class ListingKeys {
  readonly #ask: (question: Question) => Promise<string>
  #decoder: Promise<Decoder> | undefined

  /** Takes a way to get a page of one key as XML. */
  constructor(ask: (question: Question) => Promise<string>) {
    this.#ask = ask
  }

  /** The decoder for a page; nothing is encoded where neither a plus nor a percent sign is in it. */
  async decoder(xml: string, { prefix }: ListRequest): Promise<Decoder> {
    const encoded = names(readListPage(xml, asItIs)).find((name) => /[+%]/.test(name))
    if (encoded === undefined) return asItIs
    this.#decoder ??= this.#find(prefix, encoded)
    return this.#decoder
  }
