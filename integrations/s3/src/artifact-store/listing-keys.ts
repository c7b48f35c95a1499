/** Decodes the keys of a listing, which servers encode in different ways. */
import type { ListRequest } from './s3-calls.js'

/** Sent as a parameter, it comes back encoded as the keys are. */
const witness = '+%'

type Decoder = (text: string) => string

/** Finds out once how a server encodes keys, and only where it matters. */
export class ListingKeys {
  readonly #echo: (prefix: string, startAfter: string) => Promise<string | undefined>
  #decoder: Promise<Decoder> | undefined

  /** Takes a listing's way to give `start-after` back. */
  constructor(echo: (prefix: string, startAfter: string) => Promise<string | undefined>) {
    this.#echo = echo
  }

  /** The decoder for a page; nothing is encoded where neither a plus nor a percent sign is in it. */
  async decoder(xml: string, { prefix }: ListRequest): Promise<Decoder> {
    if (!/[+%]/.test(xml)) return asItIs
    this.#decoder ??= this.#find(prefix)
    return this.#decoder
  }

  /** A server that gives the witness back as it was encodes nothing, whatever it was asked for. */
  async #find(prefix: string): Promise<Decoder> {
    return (await this.#echo(prefix, witness)) === witness ? asItIs : decodeForm
  }
}

const asItIs: Decoder = (text) => text

/** As forms are encoded, which is S3's way. */
const decodeForm: Decoder = (text) => decodeURIComponent(text.replaceAll('+', '%20'))
