/**
 * How many errors that nobody caught this worker lives with. Such an error comes from a timer or a listener of one
 * tenant's socket, and ending the worker over it would end everybody's; one that comes again and again is a loop.
 */

const MOST = 10
const WITHIN_MS = 60_000

export class Crashes {
  readonly #at: number[] = []

  /** Counts one more, at `now` in milliseconds of any steady clock; true when there were too many. */
  tooMany(now: number): boolean {
    this.#at.push(now)
    while ((this.#at[0] ?? now) <= now - WITHIN_MS) this.#at.shift()
    return this.#at.length > MOST
  }
}
