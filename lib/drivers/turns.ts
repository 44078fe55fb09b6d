import type { Launched } from './driver.ts'

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

/** Waits until a piece of work has handed something over, or has ended. */
export async function launched(work: (handedOver: () => void) => Promise<void>): Promise<Launched> {
  let done: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve) => {
    done = work(resolve)
    // whoever asked hears of a failure from `done`
    done.then(resolve, () => resolve())
  })
  return { done }
}
