/** Runs pieces of work one after another, so that a session never has two messages under way. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++
    const turn = this.#last.then(work).finally(() => {
      this.#waiting--
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  get idle(): boolean {
    return this.#waiting === 0
  }
}
