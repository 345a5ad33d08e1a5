/** Waiting in tests: for a fact, never for time to pass. */

const PATIENCE_MS = 30_000

/** Resolves with the first value of `produce` that is not undefined; `produce` is asked again at every `changed`. */
export class Watch {
  readonly #waiting = new Set<() => void>()

  changed(): void {
    for (const look of this.#waiting) look()
  }

  async until<T>(what: string, produce: () => T | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const look = (): void => {
      const value = produce()
      if (value !== undefined) resolve(value)
    }
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS)
    this.#waiting.add(look)
    look()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(look)
    }
  }
}
