/** Keeps what goes on page after page from going on for ever. */
import { StackError } from '@stack/core'

/** Pages in a row that bring nothing new; servers send some where much was deleted. */
const mostVainPages = 1000

export class Continuations {
  #vain = 0
  #kept: string | undefined
  #seen = 0
  #keepAt = 1

  /**
   * Takes in where the next page begins, and whether the last brought anything new.
   * @throws StackError `unavailable` where the server goes in circles or nowhere.
   */
  next(token: string, broughtNew: boolean): void {
    // Of every circle one token is kept at last (https://maths-people.anu.edu.au/~brent/pub/pub051.html).
    if (token === this.#kept) throw new StackError('unavailable', 'the server continues where it was already')
    this.#seen += 1
    if (this.#seen === this.#keepAt) {
      this.#kept = token
      this.#keepAt *= 2
    }
    this.advance(broughtNew)
  }

  /** The same, where tokens may come again. */
  advance(broughtNew: boolean): void {
    this.#vain = broughtNew ? 0 : this.#vain + 1
    if (this.#vain > mostVainPages) {
      throw new StackError('unavailable', `the server sent ${mostVainPages} pages without anything new`)
    }
  }
}
