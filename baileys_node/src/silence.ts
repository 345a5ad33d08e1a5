/** Finds a connection that is open but dead: no frame for a while, though the keep-alive asks for one. */

export interface Timing {
  silenceMs: number
  keepAliveMs: number
}

export const TIMING: Timing = { silenceMs: 35_000, keepAliveMs: 25_000 }

const CHECKS = 7

export class SilenceProbe {
  readonly #silenceMs: number
  readonly #onSilent: () => void
  readonly #timer: NodeJS.Timeout
  #lastFrame = performance.now()
  #lastCheck = performance.now()
  #suspended = false

  constructor(silenceMs: number, onSilent: () => void) {
    this.#silenceMs = silenceMs
    this.#onSilent = onSilent
    this.#timer = setInterval(() => this.#check(), silenceMs / CHECKS)
  }

  heard(): void {
    this.#lastFrame = performance.now()
  }

  /** While we do not read, silence is ours. */
  suspend(suspended: boolean): void {
    this.#suspended = suspended
    this.heard()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #check(): void {
    const now = performance.now()
    // When this process itself stood still, what arrived meanwhile is still to be read.
    if (now - this.#lastCheck > this.#silenceMs / 2) this.#lastFrame = now
    this.#lastCheck = now
    if (!this.#suspended && now - this.#lastFrame >= this.#silenceMs) this.#onSilent()
  }
}
