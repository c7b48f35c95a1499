/** Lets what concerns one key happen one after the other, within this process. */
export class KeyQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs when everything queued for the key before has ended, however it ended. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work, work)
    this.#last.set(key, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    }
  }
}
